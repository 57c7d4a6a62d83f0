// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernel functions: kprobe:[MODULE:]FUNCTION[+OFFSET], kretprobe:…, D's fbt:MODULE:FUNCTION:entry and :return
 * (also rawfbt).
 *
 * SyS_… and sys_… are the functions of system calls under the names that they had up to 4.16: those are the system calls
 * themselves (syscall.c), whatever the running kernel calls the symbol.
 */
#include "provider/kfunc.h"
#include "provider/list.h"
#include "provider/syscall.h"

#include <string.h>

static bool expand_calls(struct probes *p, struct clause *c, struct spec *spec, bool is_return, struct suggest *near)
{
	static const char *const prefixes[] = { "SyS_", "sys_" };
	const char *pattern = spec->parts.data[spec->parts.len - 1].text;

	for (unsigned i = 0; i < 2 && spec->parts.len == 2; i++) {
		struct syscall_spelling how = {
			.probe = is_return ? "kretprobe:" : "kprobe:", .probe_end = "", .prefix = prefixes[i],
			.prov = is_return ? "kretprobe" : "kprobe", .mod = "vmlinux", .name = is_return ? "return" : "entry",
			.is_return = is_return,
		};

		if (strncmp(pattern, prefixes[i], 4))
			continue;
		near->known += 4;
		syscall_expand(p, c, spec, &how, pattern, near);
		return p->matched || !i || prov_is_glob(pattern);
	}
	return false;
}

static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	struct kfunc_spec what;

	if (!kfunc_spec_parse(p->arena, spec, &what))
		return prov_bad_spec(p, spec, &prov_kprobe);
	return expand_calls(p, c, spec, false, near) ? 0 : kfunc_expand(p, c, spec, &what, TARGET_KPROBE, "kprobe:", near);
}

static int expand_ret(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	struct kfunc_spec what;

	if (!kfunc_spec_parse(p->arena, spec, &what) || what.has_offset)
		return prov_bad_spec(p, spec, &prov_kretprobe);
	return expand_calls(p, c, spec, true, near) ? 0 : kfunc_expand(p, c, spec, &what, TARGET_KRETPROBE, "kretprobe:", near);
}

static void expand_as(struct probes *p, struct clause *c, struct spec *spec, const char *prov, const struct d_spec *d,
		      struct suggest *near)
{
	if (prov_d_match(d->name, "entry"))
		kfunc_expand_d(p, c, spec, prov, d, TARGET_KPROBE, near);
	if (prov_d_match(d->name, "return"))
		kfunc_expand_d(p, c, spec, prov, d, TARGET_KRETPROBE, near);
}

static int expand_d(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	/* D's partial form must say a function */
	if (*d->func || *d->prov)
		expand_as(p, c, spec, "fbt", d, near);
	return 0;
}

/* The same functions under another name: only for who says it, as everything would be there twice. */
static int expand_rawfbt(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	if (!prov_is_glob(d->prov) && *d->prov)
		expand_as(p, c, spec, "rawfbt", d, near);
	return 0;
}

static int rawfbt_is_d(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	(void)c;
	(void)near;
	return prov_bad_spec(p, spec, &prov_rawfbt);
}

/* The functions of system calls, and of returns, only if they are asked for: they would be listed twice. */
static void list_as(struct listing *l, enum target_kind kind, const char *before)
{
	static const char *const prefixes[] = { "SyS_", "sys_" };
	bool is_return = kind == TARGET_KRETPROBE;

	for (unsigned i = 0; i < 2; i++) {
		char calls[32];

		snprintf(calls, sizeof(calls), "%s%s", before, prefixes[i]);
		if (list_asks(l, calls))
			syscall_list(l, is_return, calls, false);
	}
	if (!is_return || list_asks(l, before))
		kfunc_list(l, kind, before);
}

static void list(struct listing *l)
{
	list_as(l, TARGET_KPROBE, "kprobe:");
}

static void list_ret(struct listing *l)
{
	list_as(l, TARGET_KRETPROBE, "kretprobe:");
}

const struct provider prov_kprobe = {
	.name = "kprobe",
	.aliases = "k",
	.syntax = "kprobe:[MODULE:]FUNCTION[+OFFSET]",
	.kinds = KIND_BIT(TARGET_KPROBE) | KIND_BIT(TARGET_KRETPROBE),
	.expand = expand,
	.d_name = "fbt",
	.expand_d = expand_d,
	.builtin = kfunc_builtin,
	.arg = kfunc_arg,
	.arg_names = kfunc_arg_names,
	.same_args = kfunc_same_args,
	.list = list,
};

const struct provider prov_kretprobe = {
	.name = "kretprobe",
	.aliases = "kr",
	.syntax = "kretprobe:[MODULE:]FUNCTION",
	.expand = expand_ret,
	.list = list_ret,
};

const struct provider prov_rawfbt = {
	.name = "rawfbt",
	.aliases = "",
	.syntax = "rawfbt:MODULE:FUNCTION:NAME",
	.expand = rawfbt_is_d,
	.d_name = "rawfbt",
	.expand_d = expand_rawfbt,
};
