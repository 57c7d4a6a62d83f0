/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF files of user programs and libraries: segments, build id, symbols.
 *
 * A file is opened at the first call for it and kept; its symbols are read when they are first asked for. They come from
 * .symtab, .dynsym (with versions), .gnu_debugdata (the compressed .symtab that some distributions leave in stripped
 * files) and the separate debug file, which is found by build id or .gnu_debuglink. What is not valid in a file is as if it were not there.
 *
 * An address is one of the file's own (a symbol's value); a process has it at another place if the file is position
 * independent. An offset is a place in the file: what probes are attached at, and what a mapping in /proc/PID/maps leads to.
 */
#ifndef DEBUGINFO_ELF_H
#define DEBUGINFO_ELF_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

struct dbg_elf;

struct dbg_symbol {
	uint64_t address, size;		/* size 0: not known */
	const char *name;
	const char *version;		/* "GLIBC_2.34"; NULL: none */
	unsigned char type, bind;	/* STT_FUNC, STT_GNU_IFUNC, STT_NOTYPE; STB_… */
	bool is_default;		/* has no version, or the one that new programs are linked to */
};

/*
 * The ELF file of that path, or that a descriptor (not kept) is of and is called so; both are kept until dbg_elf_close_all. NULL with errno: ENOEXEC
 * where it is no executable or library of this machine.
 */
struct dbg_elf *dbg_elf_open(const char *path);
struct dbg_elf *dbg_elf_open_fd(int fd, const char *path);
/* Whether the file ends before the table of its sections does, so that nothing in them is known. */
bool dbg_elf_is_cut(const struct dbg_elf *e);
/* Whether the file is ELF and has a section of that name. It is not kept. */
bool dbg_elf_file_has(const char *path, const char *section);
/* Closes all of them. */
void dbg_elf_close_all(void);

/* For libelf's own functions, on the file and on its debug file (NULL if there is none). */
Elf *dbg_elf_handle(const struct dbg_elf *e);
Elf *dbg_elf_debug_handle(struct dbg_elf *e);
/* The file's DWARF, or that of its debug file; NULL if it has none. */
Dwarf *dbg_elf_dwarf(struct dbg_elf *e);
bool dbg_elf_is_32bit(const struct dbg_elf *e);
/* It runs at its own addresses: it is not position independent. */
bool dbg_elf_is_fixed(const struct dbg_elf *e);
/* The bytes of the build id; NULL if there is none. */
const unsigned char *dbg_elf_build_id(const struct dbg_elf *e, unsigned *len);

/* From the address of code, of data that the program may write, to the file's offset, by the segments; false if no such segment has it. */
bool dbg_elf_code_offset(const struct dbg_elf *e, uint64_t address, uint64_t *offset);
bool dbg_elf_data_offset(const struct dbg_elf *e, uint64_t address, uint64_t *offset);
/* From where to where the file has code; false if it has none. */
bool dbg_elf_code(const struct dbg_elf *e, uint64_t *from, uint64_t *to);
/* The other way. */
bool dbg_elf_address(const struct dbg_elf *e, uint64_t offset, uint64_t *address);

/* Reads up to n bytes, a few thousand at most, from the file; gives how many there were. */
unsigned dbg_elf_read(struct dbg_elf *e, uint64_t offset, void *to, unsigned n);
/* The text of the n-th entry with that tag (DT_NEEDED, DT_RUNPATH …) of what the loader reads; NULL if there are no more. */
const char *dbg_elf_dynamic(const struct dbg_elf *e, int64_t tag, unsigned n);
/* The section of that name; NULL if there is none. */
Elf_Scn *dbg_elf_section(const struct dbg_elf *e, const char *name, GElf_Shdr *header);

/*
 * All functions, ascending by address; of several names for one address the most telling comes first (global before local, no
 * underscores).
 */
const struct dbg_symbol *dbg_elf_functions(struct dbg_elf *e, unsigned *n);
/* The function that the address is in, NULL if none is known. */
const struct dbg_symbol *dbg_elf_function_at(struct dbg_elf *e, uint64_t address);
/* The next function of that name after `after` (NULL: the first), NULL if there is none more. */
const struct dbg_symbol *dbg_elf_function(struct dbg_elf *e, const char *name, const struct dbg_symbol *after);
/* Whether the file uses a function or variable of that name which a library has. */
bool dbg_elf_imports(struct dbg_elf *e, const char *name);
/* The address and size (0: not known) of a variable. */
bool dbg_elf_variable(struct dbg_elf *e, const char *name, uint64_t *address, unsigned *size);
/* Feeds the names of functions and variables. */
struct suggest;
void dbg_elf_suggest(struct dbg_elf *e, struct suggest *near);
/* Whether it has a .symtab, in the file or beside it: else only exported functions are known. */
bool dbg_elf_has_symtab(struct dbg_elf *e);

#endif
