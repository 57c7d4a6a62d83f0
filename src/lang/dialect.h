/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The closed list of what differs in meaning between dialects (dialect.def). */
#ifndef LANG_DIALECT_H
#define LANG_DIALECT_H

#include "lang/ast.h"

enum dialect_switch {
#define SWITCH(name, ply, d) DIALECT_##name,
#include "lang/dialect.def"
#undef SWITCH
};

/* Whether the switch is on in the dialect. */
static inline bool dialect_has(enum dialect dialect, enum dialect_switch what)
{
	static const bool table[][2] = {
#define SWITCH(name, ply, d) { ply, d },
#include "lang/dialect.def"
#undef SWITCH
	};

	return table[what][dialect == DIALECT_D];
}

#endif
