// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel functions by BTF trampoline: fentry:[MODULE:]FUNCTION, fexit:…; arguments by name and type, at the return too. */
#include "provider/kfunc.h"

#include <string.h>

static int expand_as(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near, enum target_kind kind,
		     const struct provider *prov, const char *before)
{
	struct kfunc_spec what;

	if (!kfunc_spec_parse(p->arena, spec, &what) || what.has_offset)
		return prov_bad_spec(p, spec, prov);
	kfunc_expand(p, c, spec, &what, kind, before, near);
	return 0;
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
static unsigned list(const char *glob, bool verbose, FILE *out)
{
	return glob && !strncmp(glob, "fentry:", 7) ? kfunc_list("fentry:", false, glob, verbose, out) : 0;
}

static unsigned list_exit(const char *glob, bool verbose, FILE *out)
{
	return glob && !strncmp(glob, "fexit:", 6) ? kfunc_list("fexit:", true, glob, verbose, out) : 0;
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
