/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the providers on perf events (profile, software, hardware, watchpoint) and their mechanism share. */
#ifndef PROVIDER_PERF_EVENT_H
#define PROVIDER_PERF_EVENT_H

#include "provider/provider.h"

#include <linux/perf_event.h>

/* The bits of target->offset of counters that count in one mode only. */
enum { COUNTS_USER = 1, COUNTS_KERNEL = 2 };

/* Fills in what is to be opened for a target of TARGET_SOFTWARE or TARGET_HARDWARE; for TARGET_WATCHPOINT. */
void counter_attr(const struct target *t, struct perf_event_attr *attr);
void watchpoint_attr(const struct target *t, struct perf_event_attr *attr);

/* arg0, arg1, usermode: where the event came upon the CPU. */
const struct type *perf_event_builtin(struct probes *p, struct target *t, const char *name, const char **why);
/* args.addr, args.period. */
const struct type *perf_event_arg(struct probes *p, struct target *t, const char *name);
const char *perf_event_arg_names(struct probes *p, struct target *t, struct suggest *near);
bool perf_event_same_args(struct probes *p, const struct event *e, struct target *a, struct target *b);

#endif
