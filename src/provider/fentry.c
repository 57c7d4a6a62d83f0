// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel functions by BTF trampoline: fentry:[MODULE:]FUNCTION, fexit:…; arguments by name and type, at the return too. */
#include "provider/kfunc.h"
#include "provider/list.h"

#include <string.h>

static int expand_as(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near, enum target_kind kind,
		     const struct provider *prov, const char *before)
{
	struct kfunc_spec what;

	if (!kfunc_spec_parse(p->arena, spec, &what) || what.has_offset)
		return prov_bad_spec(p, spec, prov);
	return kfunc_expand(p, c, spec, &what, kind, before, near);
}

static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	return expand_as(p, c, spec, near, TARGET_FENTRY, &prov_fentry, "fentry:");
}

static int expand_exit(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	return expand_as(p, c, spec, near, TARGET_FEXIT, &prov_fexit, "fexit:");
}

static const struct type *builtin(struct probes *p, struct target *t, const char *name, const char **why)
{
	const struct type *type;

	if (!strncmp(name, "arg", 3) && name[3]) {
		if (kfunc_param(p, t, name + 3, &type) >= 0 && type_is_scalar(type))
			return type;
		*why = kfunc_of(p, t)->btf ? "the function has fewer arguments" : "BTF does not know the function";
		return NULL;
	}
	return kfunc_builtin(p, t, name, why);
}

/* The functions are those of kprobe: listed again only if they are asked for by this name. */
static void list(struct listing *l)
{
	if (list_asks(l, "fentry:"))
		kfunc_list(l, TARGET_FENTRY, "fentry:");
}

static void list_exit(struct listing *l)
{
	if (list_asks(l, "fexit:"))
		kfunc_list(l, TARGET_FEXIT, "fexit:");
}

const struct provider prov_fentry = {
	.name = "fentry",
	.aliases = "f kfunc",
	.syntax = "fentry:[MODULE:]FUNCTION",
	.kinds = KIND_BIT(TARGET_FENTRY) | KIND_BIT(TARGET_FEXIT),
	.expand = expand,
	.builtin = builtin,
	.arg = kfunc_arg,
	.arg_names = kfunc_arg_names,
	.same_args = kfunc_same_args,
	.list = list,
};

const struct provider prov_fexit = {
	.name = "fexit",
	.aliases = "fr kretfunc",
	.syntax = "fexit:[MODULE:]FUNCTION",
	.expand = expand_exit,
	.list = list_exit,
};
