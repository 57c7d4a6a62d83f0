/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BTF: the kernel's description of its own types and functions, as an index over the file.
 *
 * Nothing is read before it is asked for, and then no more than needed: a struct dbg_btf knows the place of each type up
 * to the last one looked at, and goes on from there; what is not found costs one walk over all of it. A type's number
 * (id, from 1) holds in its struct dbg_btf and in those of the modules that were opened over it ("split BTF").
 *
 * Types become struct type (lang/type.h) on demand. A struct or union is at first known by name and size; dbg_btf_named
 * completes it in place, so that what points at it sees its members too. Those without a name are complete at once. Members of anonymous
 * structs and unions are listed with those around them. Types live as long as their struct dbg_btf does.
 */
#ifndef DEBUGINFO_BTF_H
#define DEBUGINFO_BTF_H

#include "lang/type.h"

#include <linux/btf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct dbg_btf;

/* Kinds that are later than the installed header may be. */
enum { DBG_KIND_DECL_TAG = 17, DBG_KIND_TYPE_TAG = 18, DBG_KIND_ENUM64 = 19 };

/* A type in one of several BTFs. */
struct dbg_ref {
	struct dbg_btf *btf;
	uint32_t id;
};

/* The running kernel's own BTF, opened at the first call and kept; NULL (errno) if it has none. */
struct dbg_btf *dbg_btf_kernel(void);
/* A loaded module's, opened at the first call and kept; NULL (errno) if it has none. "vmlinux" is the kernel itself. */
struct dbg_btf *dbg_btf_module(const char *module);
/* Calls visit with each loaded module's BTF, until it gives true. */
bool dbg_btf_modules(bool (*visit)(void *data, struct dbg_btf *b), void *data);

/* Over the size bytes at data (kept). base: what a module's is split from, else NULL. NULL (errno EINVAL: no valid BTF). */
struct dbg_btf *dbg_btf_create(const void *data, size_t size, const char *name, struct dbg_btf *base);
void dbg_btf_destroy(struct dbg_btf *b);

/*
 * What a program that is bound to one of its types is loaded with: 0 for the kernel's own, a descriptor of the module's BTF
 * object (kept open), -1 (errno) if the kernel does not give it.
 */
int dbg_btf_fd(struct dbg_btf *b);

/* The type of a kind (BTF_KIND_…) with this name, 0 if there is none; FWD is never given for a STRUCT. */
uint32_t dbg_btf_find(struct dbg_btf *b, const char *name, unsigned kind);
/* Whether anything has this name: without a walk over all types. */
bool dbg_btf_knows(const struct dbg_btf *b, const char *name);
/* The same in the kernel and, if it has none, in all modules; only in the module given. false if there is none. */
bool dbg_btf_find_any(const char *module, const char *name, unsigned kind, struct dbg_ref *ref);
/* The next type of a kind in this BTF itself after id (0: the first), 0 after the last. */
uint32_t dbg_btf_next(struct dbg_btf *b, uint32_t id, unsigned kind);
/* The type itself; NULL for void and numbers out of range. */
const struct btf_type *dbg_btf_get(struct dbg_btf *b, uint32_t id);
/* Its name, "" if it has none. */
const char *dbg_btf_name(struct dbg_btf *b, uint32_t id);

/*
 * The offset in bytes of a member ("status", "thread_info.status"; members of anonymous structs as if they were the
 * struct's own) in the struct of that name, -1 if there is none or it is a bit field. *size: its size, may be NULL.
 */
int dbg_btf_offset(struct dbg_btf *b, const char *type, const char *path, unsigned *size);

/* The type as one of the language's; a struct that has a name may lack its members. */
const struct type *dbg_btf_type(struct dbg_btf *b, uint32_t id);
/* The same, with its members if it is a struct or union. */
const struct type *dbg_btf_complete(struct dbg_btf *b, uint32_t id);
/* The struct, union, enum or typedef of that name, complete; NULL if there is none. The kernel's BTF and that of modules. */
const struct type *dbg_btf_named(unsigned kind, const char *name);
/* An enumerator of any enum of the kernel's. */
bool dbg_btf_enumerator(struct dbg_btf *b, const char *name, int64_t *value, const struct type **type);
/* Whether the kernel knows the BPF helper BPF_FUNC_<name>. */
bool dbg_btf_helper(const char *name);

/* A function's prototype: of a FUNC, a FUNC_PROTO, or a typedef of a pointer to one. */
struct dbg_proto {
	uint32_t result;		/* 0: void */
	const struct btf_param *params;	/* names: dbg_btf_string(name_off), may be "" */
	unsigned nparams;
};
bool dbg_btf_proto(struct dbg_btf *b, uint32_t id, struct dbg_proto *proto);
/* Prints a struct, union, enum or typedef as C text, members with their offsets. */
void dbg_btf_print(FILE *out, struct dbg_btf *b, uint32_t id);
/* A string by its offset. */
const char *dbg_btf_string(const struct dbg_btf *b, uint32_t offset);

#endif
