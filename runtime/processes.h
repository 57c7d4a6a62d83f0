/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What processes do, as far as it matters for their addresses: exec, fork, mmap. The kernel tells it by perf events that count
 * nothing (PERF_COUNT_SW_DUMMY), one on each CPU, and it is handed on to debuginfo/process.h. Only scripts that read addresses of
 * user code pay for it, and those that mean probes in programs to come (late.h).
 */
#ifndef RUNTIME_PROCESSES_H
#define RUNTIME_PROCESSES_H

#include "runtime/run.h"

/* Before any probe is attached; -1, reported. */
int processes_open(struct rt *rt);
/* When they are attached: reads what the processes that are there have mapped. */
void processes_read(struct rt *rt);
/* Ready to read when a process has mapped code, where late.c wants to know at once: from 0 on, -1 behind the last. */
int processes_fd(unsigned n);
/* Hands on what has happened until now. */
void processes_drain(void);
/* The same, if it is not known what had happened until then. */
void processes_drain_until(uint64_t time);
void processes_close(void);
/* How many of these events the kernel did not tell until now, since they came too fast. */
uint64_t processes_lost(void);

#endif
