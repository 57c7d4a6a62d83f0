/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel functions: their names, and their prototypes by BTF. Shared by the providers and mechanisms of kprobes and fentry. */
#ifndef PROVIDER_KFUNC_H
#define PROVIDER_KFUNC_H

#include "debuginfo/btf.h"
#include "provider/provider.h"

extern const struct provider prov_kprobe, prov_kretprobe, prov_rawfbt, prov_fentry, prov_fexit;

/* [MODULE:]FUNCTION[+OFFSET] as it stands in a spec. */
struct kfunc_spec {
	const char *module;		/* "" if none is given */
	const char *name;
	unsigned offset;
	bool has_offset;
};

/* Takes the parts after the provider's name apart; false if they are not of that form. */
bool kfunc_spec_parse(struct arena *a, const struct spec *spec, struct kfunc_spec *out);
/* Adds the functions that match the spec as targets of the kind; `before` is what stands before them in the probe's name ("kprobe:"). Gives what expand gives. */
int kfunc_expand(struct probes *p, struct clause *c, const struct spec *spec, const struct kfunc_spec *what,
		 enum target_kind kind, const char *before, struct suggest *near);
/* Likewise for MODULE:FUNCTION:NAME of a provider of D's, fbt or rawfbt. */
void kfunc_expand_d(struct probes *p, struct clause *c, const struct spec *spec, const char *prov, const struct d_spec *d,
		    enum target_kind kind, struct suggest *near);

/* The prototype of a target's function. */
struct kfunc {
	bool looked;
	struct dbg_btf *btf;		/* NULL: BTF does not know the function */
	uint32_t id;
	struct dbg_proto proto;
};
const struct kfunc *kfunc_of(struct probes *p, struct target *t);
/* The number and type of the parameter of that name ("0": by number); -1 if there is none. */
int kfunc_param(struct probes *p, struct target *t, const char *name, const struct type **type);
/* What it returns; NULL if that is not known, &type_void if nothing. */
const struct type *kfunc_result(struct probes *p, struct target *t);
/* Whether the variable, or with is_arg the argument, is what the function returned: retval, D's arg1 and args[1]. */
bool kfunc_is_result(const struct event *e, const char *name, bool is_arg);
/* The type of what all targets return, if that is known and the same: numbers of fewer than 64 bits have more in the register. */
const struct type *kfunc_result_of_all(struct probes *p, const struct event *e);

/* Whether the kernel binds no program of anyone's to such functions, though BTF has them: mech_fentry.c. */
bool kfunc_is_refused(const struct kfunc *k);

/* A provider's callbacks. */
const struct type *kfunc_builtin(struct probes *p, struct target *t, const char *name, const char **why);
const struct type *kfunc_arg(struct probes *p, struct target *t, const char *name);
const char *kfunc_arg_names(struct probes *p, struct target *t, struct suggest *near);
bool kfunc_same_args(struct probes *p, const struct event *e, struct target *a, struct target *b);
void kfunc_list(struct listing *l, enum target_kind kind, const char *before);

#endif
