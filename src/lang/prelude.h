/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a D script finds declared (prelude.d): types, translators, inlines that stand for variables and for the arguments of D's
 * stable probes. It is written in D itself; what a script does not use costs it nothing.
 */
#ifndef LANG_PRELUDE_H
#define LANG_PRELUDE_H

#include "lang/ast.h"

/*
 * Parses the prelude into the script, behind its own items. Of its clauses those are kept that keep up variables which
 * the script names.
 */
void prelude_parse(struct script *script);

#endif
