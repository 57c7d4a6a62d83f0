/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What processes have mapped, now and before: which file, and where in it, an address leads to.
 *
 * A process runs one program after the other (exec), and each maps files as it goes on. Both are kept with their times, so an address is
 * looked up as of the moment it was seen, and a process that is gone is still known until it is said to be forgotten. What happens is told by the caller; what
 * was before that is read from /proc/PID/maps, when it is asked for or at once. Times are of CLOCK_MONOTONIC, in ns.
 */
#ifndef DEBUGINFO_PROCESS_H
#define DEBUGINFO_PROCESS_H

#include "debuginfo/elf.h"

/* What can be mapped; there is one for each file, and they live until dbg_process_forget_all. */
struct dbg_object {
	const char *path;		/* "" for memory without a file */
	const char *name;		/* its last part, "[vdso]" … */
	unsigned major, minor;
	uint64_t ino;
	uint64_t start, end;		/* where a process had it: */
	uint64_t seen;			/* when that was first known */
	unsigned pid;			/* of memory without a file, the one that has it */
	bool is_file, is_vdso;
	/* dbg_object_elf's */
	struct dbg_elf *elf;
	bool tried;
	/* dbg_object_cfi's */
	struct dbg_cfi *cfi;
	bool tried_cfi;
};

/* The file, opened when it is first asked for, if it is still the one that was mapped; else NULL. */
struct dbg_elf *dbg_object_elf(struct dbg_object *o);
/* Its call frame information, or NULL. */
struct dbg_cfi *dbg_object_cfi(struct dbg_object *o);

/*
 * The object that pid had at the address, and the offset in it (for memory without a file: the address); NULL if nothing is known to
 * have been there.
 */
struct dbg_object *dbg_process_find(unsigned pid, uint64_t time, uint64_t address, uint64_t *offset);

/* Reads what the process has mapped now, if that is not known. */
void dbg_process_read(unsigned pid);
/* Likewise for all processes. */
void dbg_process_read_all(void);
/* What happens: pid runs another program; is a child of parent; maps something. */
void dbg_process_exec(unsigned pid, uint64_t time);
void dbg_process_fork(unsigned pid, unsigned parent, uint64_t time);
struct dbg_map {
	uint64_t start, size, offset, ino;
	unsigned major, minor;
	const char *path;
};
void dbg_process_map(unsigned pid, uint64_t time, const struct dbg_map *map);
/* Nobody will ask for what was before that time: programs that had ended, processes that were seen to be gone (by being asked this). */
void dbg_process_forget(uint64_t before);
void dbg_process_forget_all(void);

#endif
