/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files about DWARF share. */
#ifndef DEBUGINFO_DWARF_FILE_H
#define DEBUGINFO_DWARF_FILE_H

#include "debuginfo/dwarf.h"

/* The type that the DIE's DW_AT_type leads to; &type_void if it has none. */
const struct type *dbg_dwarf_type_of(struct dbg_elf *e, Dwarf_Die *die);
/* The DIE behind typedefs and qualifiers of what DW_AT_type leads to; false if there is none. */
bool dbg_dwarf_stripped(Dwarf_Die *die, Dwarf_Die *type);
/* Where a member is in its struct; false: that has to be computed. */
bool dbg_dwarf_member_offset(Dwarf_Die *die, Dwarf_Word *offset);
/* The unit of an address, as the program itself has it; false if there is no DWARF of it. */
bool dbg_dwarf_skeleton_at(struct dbg_elf *e, uint64_t address, Dwarf_Die *unit);
/* Makes a program's unit the one with all that is known of it; false: that is in a file of its own which cannot be had. */
bool dbg_dwarf_whole(struct dbg_elf *e, Dwarf_Die *unit);
/* Both. */
bool dbg_dwarf_unit_at(struct dbg_elf *e, uint64_t address, Dwarf_Die *unit);
/* The enumeration that has an enumerator of that name. */
bool dbg_dwarf_find_enum(struct dbg_elf *e, const char *name, Dwarf_Die *die);
/* Makes the definition of a declared type of its DIE, if the file has one: of the same name in the same namespaces. False: it has none. */
bool dbg_dwarf_define(struct dbg_elf *e, Dwarf_Die *die);
/* The definition with one of the tags (up to 0) and that name: "ns::name", or in any namespace. */
bool dbg_dwarf_find(struct dbg_elf *e, const int *tags, const char *name, Dwarf_Die *die);

#endif
