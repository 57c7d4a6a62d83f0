// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hardware breakpoints: watchpoint:ADDRESS:LENGTH:MODE fires when memory is read (r), written (w) or executed (x). The
 * address is a number or a symbol of the kernel's data (jiffies, jiffies+4).
 */
#include "provider/perf_event.h"

#include "debuginfo/ksyms.h"

#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <stdlib.h>
#include <string.h>

extern const struct provider prov_watchpoint;

/* The processor knows no breakpoint on reading alone. */
static unsigned parse_mode(const char *text)
{
	static const struct {
		const char *name;
		unsigned mode;
	} modes[] = {
		{ "r", HW_BREAKPOINT_R }, { "w", HW_BREAKPOINT_W }, { "rw", HW_BREAKPOINT_RW }, { "wr", HW_BREAKPOINT_RW },
		{ "x", HW_BREAKPOINT_X },
	};

	for (unsigned i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		if (!strcmp(modes[i].name, text))
			return modes[i].mode;
	return HW_BREAKPOINT_INVALID;
}

void watchpoint_attr(const struct target *t, struct perf_event_attr *attr)
{
	unsigned mode = parse_mode(t->name);

	attr->type = PERF_TYPE_BREAKPOINT;
	attr->bp_type = mode;
	attr->bp_addr = t->number;
	attr->bp_len = mode == HW_BREAKPOINT_X ? sizeof(long) : t->offset;
	attr->sample_period = 1;
}

static int no_symbol(struct probes *p, const struct spec *spec, const char *name)
{
	int error = errno;

	diag_error(p->diag, spec->span, "KERNEL_SYMBOL", error == EPERM ? "the address of '%s' is hidden" : "the kernel has no symbol '%s'", name);
	diag_hint(p->diag, error == EPERM ? "set /proc/sys/kernel/kptr_restrict to 0 or 1, and run as root" :
					    "an address of a program's is a number: watchpoint:0x7f00dead0000:8:w");
	return -1;
}

/* NUMBER, or SYMBOL[+OFFSET]. */
static int parse_address(struct probes *p, const struct spec *spec, const char *text, uint64_t *address)
{
	const char *name = text, *plus = strchr(text, '+');
	char *end;
	uint64_t offset = 0;

	*address = strtoull(text, &end, 0);
	if (end != text && !*end)
		return 0;
	if (plus) {
		name = arena_strndup(p->arena, text, (size_t)(plus - text));
		offset = strtoull(plus + 1, &end, 0);
		if (*end || !plus[1])
			return prov_bad_spec(p, spec, &prov_watchpoint);
	}
	if (!dbg_ksym_find(NULL, name, address))
		return no_symbol(p, spec, name);
	*address += offset;
	return 0;
}

static int refuse(struct probes *p, const struct spec *spec, const char *what, const char *hint)
{
	diag_error(p->diag, spec->span, "PDESC_INVAL", "%s", what);
	diag_hint(p->diag, "%s", hint);
	return -1;
}

static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	struct target like = { .kind = TARGET_WATCHPOINT, .span = spec->span };
	struct naming naming = { .probe = prov_spec_text(p, spec), .prov = "watchpoint" };
	unsigned long length;
	char *end;

	(void)near;
	if (spec->parts.len != 4)
		return prov_bad_spec(p, spec, &prov_watchpoint);
	like.name = naming.name = spec->parts.data[3].text;
	length = strtoul(spec->parts.data[2].text, &end, 0);
	if (parse_address(p, spec, spec->parts.data[1].text, &like.number))
		return -1;
	if (*end || (length != 1 && length != 2 && length != 4 && length != 8))
		return refuse(p, spec, "a watchpoint is on 1, 2, 4 or 8 bytes", "it is watchpoint:ADDRESS:LENGTH:MODE");
	if (like.number % length && parse_mode(like.name) != HW_BREAKPOINT_X)
		return refuse(p, spec, arena_printf(p->arena, "a watchpoint on %lu bytes must be at a multiple of %lu", length, length),
			      "watch several, each in its place");
	switch (parse_mode(like.name)) {
	case HW_BREAKPOINT_INVALID:
		return refuse(p, spec, arena_printf(p->arena, "'%s' is no way to touch memory", like.name),
			      "it is w (written), rw (read or written) or x (executed)");
	case HW_BREAKPOINT_R:
		return refuse(p, spec, "the processor cannot watch for reading alone", "use rw");
	}
	like.offset = (unsigned)length;
	prov_add_target(p, c, &like, &naming);
	return 0;
}

const struct provider prov_watchpoint = {
	.name = "watchpoint",
	.aliases = "w",
	.syntax = "watchpoint:ADDRESS:LENGTH:MODE",
	.kinds = KIND_BIT(TARGET_WATCHPOINT),
	.expand = expand,
	.builtin = perf_event_builtin,
	.arg = perf_event_arg,
	.arg_names = perf_event_arg_names,
	.same_args = perf_event_same_args,
};
