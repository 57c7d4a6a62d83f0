// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/period.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The unit's nanoseconds; 1 for hz; 0 for what is no unit. */
static uint64_t unit_ns(const char *unit)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{ "hz", 1 }, { "ns", 1 }, { "nsec", 1 }, { "us", 1000 }, { "usec", 1000 }, { "ms", 1000000 },
		{ "msec", 1000000 }, { "s", 1000000000 }, { "sec", 1000000000 }, { "m", 60000000000 },
		{ "min", 60000000000 }, { "h", 3600000000000 }, { "hour", 3600000000000 }, { "d", 86400000000000 },
		{ "day", 86400000000000 },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(units[i].name, unit))
			return units[i].ns;
	return 0;
}

bool period_parse(struct target *t, const char *text, const char *unit, bool bare_is_hz)
{
	uint64_t n, ns;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || errno || !n || (unit && *end))
		return false;
	if (!unit)
		unit = *end ? end : bare_is_hz ? "hz" : "";
	ns = unit_ns(unit);
	t->is_hz = !strcmp(unit, "hz");
	return ns && !__builtin_mul_overflow(n, ns, &t->number) && t->number <= INT64_MAX;
}

int period_wrong(struct probes *p, const struct spec *spec, const char *number, const char *unit, const char *syntax)
{
	const size_t zeros = strspn(number, "0"), digits = strspn(number, "0123456789");

	diag_error(p->diag, spec->span, "PDESC_INVAL", "'%s' is not of the form %s", spec->text, syntax);
	if (*number == '-' || (digits && zeros == digits))
		diag_hint(p->diag, "the number is above 0");
	else if (digits && unit_ns(unit ? unit : number + digits))
		diag_hint(p->diag, "that is too long: 292 years are the most");
	else
		diag_hint(p->diag, "units are hz, ns, us, ms, s, min, h and d");
	return -1;
}

uint64_t period_ns(const struct target *t)
{
	uint64_t ns = t->is_hz ? 1000000000 / t->number : t->number;

	return ns ? ns : 1;
}
