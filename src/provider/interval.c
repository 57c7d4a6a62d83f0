// SPDX-License-Identifier: GPL-2.0-or-later
/* interval and tick: on one CPU, every so often. */
#include "provider/list.h"
#include "provider/period.h"

#include <string.h>

static int add(struct probes *p, struct clause *c, struct spec *spec, const char *number, const char *unit, bool bare_is_hz)
{
	struct target like = { .kind = TARGET_INTERVAL, .span = spec->span };
	struct naming naming = { .probe = prov_spec_text(p, spec), .prov = "profile" };

	if (!period_parse(&like, number, unit, bare_is_hz))
		return period_wrong(p, spec, number, unit, bare_is_hz ? "tick-NUMBER[UNIT]" : prov_of_kind(TARGET_INTERVAL)->syntax);
	like.number = period_ns(&like);
	like.is_hz = false;
	naming.name = arena_printf(p->arena, "tick-%s%s", number, unit ? unit : "");
	prov_add_target(p, c, &like, &naming);
	return 0;
}

/* interval:5 is seconds, as in ply 2. */
static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	const char *last = spec->parts.data[spec->parts.len - 1].text;

	(void)near;
	if (spec->parts.len == 2)
		return add(p, c, spec, last, *last && !last[strspn(last, "0123456789")] ? "s" : NULL, false);
	if (spec->parts.len == 3)
		return add(p, c, spec, spec->parts.data[2].text, spec->parts.data[1].text, false);
	return prov_bad_spec(p, spec, prov_of_kind(TARGET_INTERVAL));
}

static int expand_d(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	/* those that are there without being asked for by name */
	static const char *const rates[] = { "1", "10", "100", "500", "1000", "5000" };

	suggest_add(near, "tick-1s");
	for (size_t i = 0; *d->prov && !*d->mod && !*d->func && !*d->name && i < sizeof(rates) / sizeof(rates[0]); i++)
		add(p, c, spec, rates[i], NULL, true);
	if (*d->mod || *d->func || strncmp(d->name, "tick-", 5))
		return 0;
	return add(p, c, spec, d->name + 5, NULL, true);
}

static void list(struct listing *l)
{
	list_add(l, &(struct target){ .kind = TARGET_INTERVAL }, "interval:s:1");
}

const struct provider prov_interval = {
	.name = "interval",
	.aliases = "i",
	.syntax = "interval:UNIT:NUMBER or interval:NUMBERUNIT",
	.kinds = KIND_BIT(TARGET_INTERVAL),
	.expand = expand,
	.d_name = "profile",
	.expand_d = expand_d,
	.list = list,
};
