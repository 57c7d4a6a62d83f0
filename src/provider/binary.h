/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs and libraries by what specs call them. */
#ifndef PROVIDER_BINARY_H
#define PROVIDER_BINARY_H

#include "base/arena.h"
#include "base/diag.h"
#include "debuginfo/elf.h"

/*
 * The path of what a spec calls `name`: a path; with a pid, a file that the process has mapped ("libc", "a.out"); a program in PATH; a library that
 * the loader finds ("libc" is libc.so.6). What another mount namespace has is named by /proc/PID/root. NULL if there is none; names
 * of what there is are fed to near.
 */
const char *binary_find(struct arena *a, const char *name, int pid, struct suggest *near);
/* Calls visit with the path of each file that the process has mapped as code. */
void binary_of_process(struct arena *a, int pid, void (*visit)(void *data, const char *path), void *data);
/* The last component of a path. */
const char *binary_name(const char *path);

#endif
