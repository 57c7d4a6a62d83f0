/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files about ELF share. */
#ifndef DEBUGINFO_ELF_FILE_H
#define DEBUGINFO_ELF_FILE_H

#include "base/vec.h"
#include "debuginfo/elf.h"
#include "debuginfo/stapsdt.h"
#include "lang/type.h"

#include <sys/types.h>
#include <time.h>

struct dbg_segment {
	uint64_t address, size, offset;	/* size: in the file */
	unsigned flags;			/* PF_X, PF_W … */
};

/* Which file it is, and of what time. */
struct dbg_file_id {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime;
};

struct dbg_elf {
	struct arena arena;
	struct dbg_file_id id;
	const char *path;
	int fd;
	Elf *elf;
	GElf_Ehdr header;
	char *window;			/* what was read last */
	uint64_t window_at;
	unsigned window_size;
	VEC(struct dbg_segment) segments;
	const unsigned char *build_id;	/* in the arena */
	unsigned build_id_len;
	/* elf_debug.c */
	bool looked_for_debug, looked_for_mini;
	struct dbg_elf *debug;
	Elf *mini;			/* of .gnu_debugdata */
	char *map;			/* of the whole file, for DWARF */
	size_t map_size;
	Elf *mapped;
	Dwarf *dwarf;
	bool looked_for_dwarf;
	/* elf_symbols.c */
	bool has_symbols, has_symtab;
	VEC(struct dbg_symbol) functions;
	uint64_t *reach;		/* reach[i]: the greatest end of functions 0..i */
	/* dwarf_type.c */
	struct type_origin origin;	/* of the types made here */
	VEC(struct dbg_dwarf_struct *) structs;
	/* dwarf_split.c */
	const char *lacking;		/* the .dwo file that was last looked for in vain */
	/* stapsdt.c */
	bool has_usdt;
	VEC(struct dbg_usdt) usdt;
};

/* No section that is read whole is so large: notes, names of sections, .gnu_debugdata. */
enum { MAX_WHOLE = 64 << 20 };

/* What .gnu_debugdata holds. */
Elf *dbg_elf_mini(struct dbg_elf *e);

#endif
