/* SPDX-License-Identifier: GPL-2.0-or-later */
/* C++ and Rust names as their source has them. */
#ifndef DEBUGINFO_DEMANGLE_H
#define DEBUGINFO_DEMANGLE_H

#include "base/arena.h"

#include <stdbool.h>

/* "ns::f(int)" of "_ZN2ns1fEi"; NULL if it is no such name. */
const char *dbg_demangle(struct arena *a, const char *name);
/*
 * Whether a person who writes `wanted` means the function whose source name this is: all of it, blanks apart ("ns::f(int, char *)"), or
 * without its parameters ("ns::f"), and without those of a template.
 */
bool dbg_demangled_is(const char *name, const char *wanted);
/* The name without result and parameters; in arena a. */
const char *dbg_demangled_base(struct arena *a, const char *name);

#endif
