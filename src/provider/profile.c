// SPDX-License-Identifier: GPL-2.0-or-later
/* profile: samples on every CPU, so often a second or every so long. */
#include "provider/list.h"
#include "provider/perf_event.h"
#include "provider/period.h"

#include <string.h>

static int add(struct probes *p, struct clause *c, struct spec *spec, const char *number, const char *unit)
{
	struct target like = { .kind = TARGET_PROFILE, .span = spec->span };
	struct naming naming = { .probe = prov_spec_text(p, spec), .prov = "profile" };

	if (!period_parse(&like, number, unit, true))
		return period_wrong(p, spec, number, unit, prov_of_kind(TARGET_PROFILE)->syntax);
	naming.name = arena_printf(p->arena, "profile-%s%s", number, unit ? unit : "");
	prov_add_target(p, c, &like, &naming);
	return 0;
}

static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	(void)near;
	if (spec->parts.len == 2)
		return add(p, c, spec, spec->parts.data[1].text, NULL);
	if (spec->parts.len == 3)
		return add(p, c, spec, spec->parts.data[2].text, spec->parts.data[1].text);
	return prov_bad_spec(p, spec, prov_of_kind(TARGET_PROFILE));
}

static int expand_d(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	/* those that are there without being asked for by name */
	static const char *const rates[] = { "97", "199", "499", "997", "1999", "4001", "4999" };

	suggest_add(near, "profile-97");
	for (size_t i = 0; *d->prov && !*d->mod && !*d->func && !*d->name && i < sizeof(rates) / sizeof(rates[0]); i++)
		add(p, c, spec, rates[i], NULL);
	if (*d->mod || *d->func || strncmp(d->name, "profile-", 8))
		return 0;
	return add(p, c, spec, d->name + 8, NULL);
}

static void list(struct listing *l)
{
	list_add(l, &(struct target){ .kind = TARGET_PROFILE }, "profile:hz:99");
}

const struct provider prov_profile = {
	.name = "profile",
	.aliases = "p",
	.syntax = "profile:hz:NUMBER, profile:UNIT:NUMBER or profile:NUMBERUNIT",
	.kinds = KIND_BIT(TARGET_PROFILE),
	.expand = expand,
	.d_name = "profile",
	.expand_d = expand_d,
	.builtin = perf_event_builtin,
	.list = list,
};
