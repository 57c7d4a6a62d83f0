/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perf events with a program on them. */
#ifndef PROVIDER_PERF_H
#define PROVIDER_PERF_H

#include <linux/perf_event.h>
#include <stdint.h>

/* Opens an event (size is filled in) and starts the program on it (-1: there is none yet); -errno. */
int perf_open(struct perf_event_attr *attr, int pid, int cpu, int prog_fd);
/* The type number of a dynamic PMU ("kprobe"), -1 if the kernel has none. */
int perf_type(const char *pmu);
/* The bit of config that the PMU's format file names ("retprobe"), -1. */
int perf_format_bit(const char *pmu, const char *name);

#endif
