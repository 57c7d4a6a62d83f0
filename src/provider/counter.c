// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counters: software:EVENT[:PERIOD], hardware:EVENT[:PERIOD], D's cpc:::EVENT-MODE-PERIOD. The program runs once for every
 * PERIOD events, on each CPU.
 */
#include "provider/list.h"
#include "provider/perf_event.h"

#include <stdlib.h>
#include <string.h>

extern const struct provider prov_software, prov_hardware;

struct counter {
	enum target_kind kind;
	uint64_t config;
	const char *name;
	uint64_t period;
	const char *aliases;
};

static const struct counter counters[] = {
#define EVENT(type, config, name, period, aliases) { TARGET_##type, PERF_COUNT_##config, name, period, aliases },
#include "provider/perf_events.def"
#undef EVENT
};

enum { NCOUNTERS = sizeof(counters) / sizeof(*counters) };

/* Oracle's DTrace has cpu_cycles and the like, with '_' for '-'. */
static bool is_called(const struct counter *counter, const char *name)
{
	char *hyphens = strdupa(name);

	for (char *s = hyphens; *s; s++)
		*s = *s == '_' ? '-' : *s;
	return !strcmp(counter->name, name) || !strcmp(counter->name, hyphens) || prov_has_word(counter->aliases, name);
}

static const struct counter *counter_of(enum target_kind kind, const char *name)
{
	for (unsigned i = 0; i < NCOUNTERS; i++)
		if (counters[i].kind == kind && is_called(&counters[i], name))
			return &counters[i];
	return NULL;
}

void counter_attr(const struct target *t, struct perf_event_attr *attr)
{
	attr->type = t->kind == TARGET_HARDWARE ? PERF_TYPE_HARDWARE : PERF_TYPE_SOFTWARE;
	attr->config = counter_of(t->kind, t->name)->config;
	attr->sample_period = t->number;
	attr->exclude_user = t->offset == COUNTS_KERNEL;
	attr->exclude_kernel = attr->exclude_hv = t->offset == COUNTS_USER;
}

/* A whole number, also as 1e6 or 1_000; false if it is none, or 0. */
static bool parse_period(const char *text, uint64_t *period)
{
	char digits[32], *end;
	unsigned n = 0;
	double value;

	for (; *text && n < sizeof(digits) - 1; text++)
		if (*text != '_')
			digits[n++] = *text;
	digits[n] = 0;
	value = strtod(digits, &end);
	if (*end || *text || !n || !strchr("0123456789", *digits) || !(value >= 1) || value > 1e18 || value != (double)(uint64_t)value)
		return false;
	*period = (uint64_t)value;
	return true;
}

static void add(struct probes *p, struct clause *c, struct spec *spec, const struct counter *counter, uint64_t period,
		unsigned mode, const char *prov, const char *name)
{
	struct target like = { .kind = counter->kind, .name = counter->name, .number = period, .offset = mode,
			       .span = spec->span };
	struct naming naming = { .probe = prov_spec_text(p, spec), .prov = prov, .name = name };

	prov_add_target(p, c, &like, &naming);
}

static int bad_period(struct probes *p, const struct spec *spec, const char *period)
{
	diag_error(p->diag, spec->span, "PDESC_INVAL", "'%s' is not a number of events", period);
	diag_hint(p->diag, "the probe fires once for so many: %s:%s:1e6", spec->parts.data[0].text,
		  spec->parts.data[1].text);
	return -1;
}

static void suggest_counters(struct probes *p, const struct provider *prov, enum target_kind kind, const char *period,
			     struct suggest *near)
{
	for (unsigned i = 0; i < NCOUNTERS; i++) {
		const char *names = arena_printf(p->arena, "%s %s", counters[i].name, counters[i].aliases);

		while (counters[i].kind == kind && *names) {
			int len = (int)strcspn(names, " ");

			suggest_add(near, arena_printf(p->arena, "%s:%.*s%s%s", prov->name, len, names,
						       *period ? ":" : "", period));
			names += len + (names[len] == ' ');
		}
	}
}

static int no_counter(struct probes *p, const struct spec *spec, enum target_kind kind)
{
	const char *names = "";
	int result = prov_missing(p, spec->parts.data[1].span, "there is no event '%s'", spec->parts.data[1].text);

	for (unsigned i = 0; i < NCOUNTERS; i++)
		if (counters[i].kind == kind)
			names = arena_printf(p->arena, "%s%s%s", names, *names ? ", " : "", counters[i].name);
	diag_hint(p->diag, "there are %s", names);
	return result;
}

static int expand_counter(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near,
			  const struct provider *prov, enum target_kind kind)
{
	const char *period = spec->parts.len > 2 ? spec->parts.data[2].text : "";
	const struct counter *counter;
	uint64_t n;

	if (spec->parts.len < 2 || spec->parts.len > 3)
		return prov_bad_spec(p, spec, prov);
	counter = counter_of(kind, spec->parts.data[1].text);
	n = counter ? counter->period : 0;
	if (counter && *period && !parse_period(period, &n))
		return bad_period(p, spec, period);
	if (counter)
		add(p, c, spec, counter, n, 0, prov->name, counter->name);
	if (!counter)
		suggest_counters(p, prov, kind, period, near);
	return counter || suggest_best(near) ? 0 : no_counter(p, spec, kind);
}

static int expand_software(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	return expand_counter(p, c, spec, near, &prov_software, TARGET_SOFTWARE);
}

static int expand_hardware(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	return expand_counter(p, c, spec, near, &prov_hardware, TARGET_HARDWARE);
}

/* EVENT-MODE-PERIOD from its end, as events have hyphens of their own. */
static int expand_cpc(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	static const struct {
		const char *name;
		unsigned bits;
	} modes[] = { { "all", 0 }, { "user", COUNTS_USER }, { "kernel", COUNTS_KERNEL } };
	char *event = arena_strdup(p->arena, d->name), *period = strrchr(event, '-'), *mode;
	const struct counter *counter;
	uint64_t n;

	suggest_add(near, "cpc:::cpu-cycles-all-1000000");
	if (*d->mod || *d->func || !period)
		return 0;
	*period++ = 0;
	mode = strrchr(event, '-');
	if (!mode || !parse_period(period, &n))
		return 0;
	*mode++ = 0;
	counter = counter_of(TARGET_HARDWARE, event);
	if (!counter)
		counter = counter_of(TARGET_SOFTWARE, event);
	for (unsigned i = 0; counter && i < sizeof(modes) / sizeof(*modes); i++)
		if (!strcmp(modes[i].name, mode))
			add(p, c, spec, counter, n, modes[i].bits, "cpc", arena_strdup(p->arena, d->name));
	return 0;
}

static void list_kind(struct listing *l, enum target_kind kind, const char *prov)
{
	for (unsigned i = 0; i < NCOUNTERS; i++)
		if (counters[i].kind == kind)
			list_add(l, &(struct target){ .kind = kind, .name = counters[i].name }, "%s:%s:%lu", prov,
				 counters[i].name, (unsigned long)counters[i].period);
}

static void list_software(struct listing *l)
{
	list_kind(l, TARGET_SOFTWARE, "software");
}

static void list_hardware(struct listing *l)
{
	list_kind(l, TARGET_HARDWARE, "hardware");
}

const struct provider prov_software = {
	.name = "software",
	.aliases = "s",
	.syntax = "software:EVENT[:PERIOD]",
	.kinds = KIND_BIT(TARGET_SOFTWARE),
	.expand = expand_software,
	.builtin = perf_event_builtin,
	.arg = perf_event_arg,
	.arg_names = perf_event_arg_names,
	.same_args = perf_event_same_args,
	.list = list_software,
};

const struct provider prov_hardware = {
	.name = "hardware",
	.aliases = "h",
	.syntax = "hardware:EVENT[:PERIOD]",
	.kinds = KIND_BIT(TARGET_HARDWARE),
	.expand = expand_hardware,
	.d_name = "cpc",
	.expand_d = expand_cpc,
	.builtin = perf_event_builtin,
	.arg = perf_event_arg,
	.arg_names = perf_event_arg_names,
	.same_args = perf_event_same_args,
	.list = list_hardware,
};
