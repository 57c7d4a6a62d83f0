/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times and rates of timer probes: 10ms, 99hz, 1s, 5min. */
#ifndef PROVIDER_PERIOD_H
#define PROVIDER_PERIOD_H

#include "provider/provider.h"

/*
 * Reads a number with its unit behind it ("10ms"; without one: hz if bare_is_hz, else an error), or number and unit apart
 * (unit not NULL), into t->number: ns, or Hz with t->is_hz. false if it is none, or 0.
 */
bool period_parse(struct target *t, const char *text, const char *unit, bool bare_is_hz);
/* Reports a spec whose number or unit period_parse did not take; -1. */
int period_wrong(struct probes *p, const struct spec *spec, const char *number, const char *unit, const char *syntax);
/* The period in ns of a target that may be in Hz. */
uint64_t period_ns(const struct target *t);

#endif
