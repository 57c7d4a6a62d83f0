/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of code that a program made as it ran, from the file that it writes for perf: perf-PID.map in its /tmp. */
#ifndef RUNTIME_PERF_MAP_H
#define RUNTIME_PERF_MAP_H

#include <stdint.h>

/* The name of what is at the address, and the offset in it; NULL if the file does not say. It lives until perf_maps_forget. */
const char *perf_map_symbol(unsigned pid, uint64_t address, uint64_t *offset);
void perf_maps_forget(void);

#endif
