// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Units that were compiled with -gsplit-dwarf: the program has their lines and addresses, a .dwo file that it names has the rest. libdw
 * opens that file, which may be anything, for reading: so it is looked at before.
 */
#include "debuginfo/dwarf_file.h"

#include "debuginfo/elf_file.h"

#include <dwarf.h>
#include <sys/stat.h>

static const char *text_of(Dwarf_Die *unit, unsigned name)
{
	Dwarf_Attribute attr;

	return dwarf_formstring(dwarf_attr(unit, name, &attr));
}

/* The name of the file that has the rest of the unit; NULL: there is none. */
static const char *split_name(Dwarf_Die *unit)
{
	const char *name = text_of(unit, DW_AT_dwo_name);

	return name ? name : text_of(unit, DW_AT_GNU_dwo_name);
}

static const char *split_path(struct dbg_elf *e, Dwarf_Die *unit, const char *name)
{
	const char *dir = text_of(unit, DW_AT_comp_dir);

	return *name == '/' || !dir ? name : arena_printf(&e->arena, "%s/%s", dir, name);
}

/* A fifo would never end. */
static bool may_open(const char *path)
{
	struct stat st;

	return stat(path, &st) || S_ISREG(st.st_mode);
}

bool dbg_dwarf_whole(struct dbg_elf *e, Dwarf_Die *unit)
{
	const char *name = split_name(unit), *path;
	Dwarf_Die whole = { 0 };

	if (!name)
		return true;
	path = split_path(e, unit, name);
	/* libdw tries the name alone, too */
	if (!may_open(name) || !may_open(path) || dwarf_cu_info(unit->cu, NULL, NULL, NULL, &whole, NULL, NULL, NULL) || !whole.addr) {
		e->lacking = path;
		return false;
	}
	*unit = whole;
	return true;
}

const char *dbg_dwarf_lacking(const struct dbg_elf *e)
{
	return e->lacking;
}

const char *dbg_dwarf_lacking_at(struct dbg_elf *e, uint64_t address)
{
	Dwarf_Die unit;

	if (!dbg_dwarf_skeleton_at(e, address, &unit) || dbg_dwarf_whole(e, &unit))
		return NULL;
	return e->lacking;
}
