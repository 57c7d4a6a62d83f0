/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's symbols, from /proc/kallsyms, which is read when something is asked for. */
#ifndef DEBUGINFO_KSYMS_H
#define DEBUGINFO_KSYMS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The address of a symbol: of the kernel itself if module is "vmlinux" or "kernel", of a module, or of any (NULL). false (errno EPERM: addresses are
 * hidden from this process).
 */
bool dbg_ksym_find(const char *module, const char *name, uint64_t *address);
/* Calls visit for each symbol, module NULL for the kernel's own, until it gives true; its strings are short-lived. */
bool dbg_ksym_each(bool (*visit)(void *data, const char *module, char type, const char *name, uint64_t address),
		   void *data);

#endif
