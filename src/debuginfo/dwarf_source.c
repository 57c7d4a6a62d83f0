// SPDX-License-Identifier: GPL-2.0-or-later
/* From an address to the source: lines, and functions that were inlined. */
#include "debuginfo/dwarf_file.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

static const char *last_part(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

static bool is_inlined(Dwarf_Die *die)
{
	return dwarf_tag(die) == DW_TAG_inlined_subroutine;
}

static const char *name_of(Dwarf_Die *die)
{
	Dwarf_Attribute attr;

	return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attr));
}

static unsigned number(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attr;
	Dwarf_Word value = 0;

	return dwarf_formudata(dwarf_attr(die, name, &attr), &value) ? 0 : (unsigned)value;
}

/* Where the inlined function was called. */
static void call_place(Dwarf_Die *unit, Dwarf_Die *inlined, struct dbg_line *line)
{
	Dwarf_Files *files;
	size_t n;

	line->line = number(inlined, DW_AT_call_line);
	line->file = NULL;
	if (!dwarf_getsrcfiles(unit, &files, &n))
		line->file = last_part(dwarf_filesrc(files, number(inlined, DW_AT_call_file), NULL, NULL));
}

unsigned dbg_dwarf_source(struct dbg_elf *e, uint64_t address, struct dbg_line *lines, unsigned max)
{
	Dwarf_Die unit, *scopes = NULL, *around = NULL;
	Dwarf_Line *at;
	unsigned n = 0;
	int line = 0, nscopes, naround = 0;

	if (!max || !dbg_dwarf_skeleton_at(e, address, &unit))
		return 0;
	/* without it there are lines at least */
	dbg_dwarf_whole(e, &unit);
	at = dwarf_getsrc_die(&unit, address);
	if (!at || dwarf_lineno(at, &line))
		return 0;
	lines[0] = (struct dbg_line){ .file = last_part(dwarf_linesrc(at, NULL, NULL)), .line = (unsigned)line };
	nscopes = dwarf_getscopes(&unit, address, &scopes);
	if (nscopes > 0)
		naround = dwarf_getscopes_die(&scopes[0], &around);
	for (int i = 0; i < naround && n + 1 < max; i++) {
		if (!is_inlined(&around[i]))
			continue;
		lines[n].function = name_of(&around[i]);
		call_place(&unit, &around[i], &lines[++n]);
		lines[n].function = NULL;
	}
	free(scopes);
	free(around);
	return n + 1;
}
