/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attaches probes to files that processes map while the script runs, where its specs mean those as well (provider/late.h). Which files,
 * processes.c tells.
 */
#ifndef RUNTIME_LATE_H
#define RUNTIME_LATE_H

#include "runtime/run.h"

/* Before processes_open. */
void late_init(const struct rt *rt);
/* Whether a spec means such files. */
bool late_wanted(void);
/* The process has mapped code of that file. */
void late_note(unsigned pid, const char *path);
/* Some of these were not told. */
void late_lost(void);
/* Attaches what there is to be attached in files that were noted. */
void late_attach(struct rt *rt);
void late_close(void);

#endif
