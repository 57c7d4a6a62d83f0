/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs and libraries by what specs call them. */
#ifndef PROVIDER_BINARY_H
#define PROVIDER_BINARY_H

#include "base/arena.h"
#include "base/diag.h"
#include "debuginfo/elf.h"

/* A process, or (program) one that is yet to run that program. */
struct process {
	int pid;
	const char *program;
};

/*
 * The path of what a spec calls `name`: a path; with a process (pid not 0), a file that it has or will have mapped ("libc",
 * "a.out" its program); a program in PATH; a library that the loader finds ("libc" is libc.so.6). What another mount namespace
 * has, or is below another root, is named by /proc/PID/root. NULL if there is none; names of what there is are fed to near.
 */
const char *binary_find(struct arena *a, const char *name, const struct process *process, struct suggest *near);
/*
 * Calls visit with the path of each file of code that the process has mapped, or that the loader will map for its program, the
 * program first; `name` is what the file is called.
 */
typedef void binary_visit(void *data, const char *path, const char *name);
void binary_of_process(struct arena *a, const struct process *process, binary_visit *visit, void *data);
/* The same for each file whose path the pattern matches. */
void binary_of_pattern(struct arena *a, const char *pattern, binary_visit *visit, void *data);
/* Calls visit for all processes. */
void binary_each_process(void (*visit)(void *data, int pid), void *data);
/* Where this process finds what the other one, which may have another root or mount namespace, calls so. */
const char *binary_seen(struct arena *a, int pid, const char *path);
/* Whether a file's name is a longer one of `name`: libc.so.6 and libc-2.31.so are libc. */
bool binary_is_called(const char *file, const char *name);
/* The same for the module of a D spec, which may be a glob, or empty. */
bool binary_is_called_d(const char *file, const char *module);
/* The path without links. */
const char *binary_real(struct arena *a, const char *path);
/* What the file is called, also by a link of /proc. */
const char *binary_called(struct arena *a, const char *path);
/* The last component of a path. */
const char *binary_name(const char *path);

#endif
