/* SPDX-License-Identifier: GPL-2.0-or-later */
/* C declarations in tables and in tracefs' formats ("const struct stat *buf", "char comm[16]") as types. */
#ifndef PROVIDER_CTYPE_H
#define PROVIDER_CTYPE_H

#include "lang/type.h"

struct ctype {
	const char *name;		/* in the arena */
	const struct type *type;	/* NULL: of a type that is not known without asking the kernel */
};

/*
 * Reads the declaration of len bytes. Pointers lead into user memory if `user`. Structs are known by name only.
 * false if it is none.
 */
bool ctype_parse(struct arena *a, const char *text, size_t len, bool user, struct ctype *out);

#endif
