// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer's target: any bytes as an ELF file: its symbols, static probes, functions, types and lines by DWARF.
 * test/fuzz/run builds it.
 */
#include "base/diag.h"
#include "debuginfo/demangle.h"
#include "debuginfo/dwarf.h"
#include "debuginfo/stapsdt.h"
#include "provider/arch.h"
#include "provider/usdt_arg.h"

#include <dwarf.h>
#include <sys/mman.h>
#include <unistd.h>

/* Only what points at structs of the file is followed. */
static void follow(const struct type *type)
{
	if (type->kind == TYPE_POINTER)
		type = type->target;
	if (type->origin)
		type->origin->complete(type);
}

static void read_functions(struct dbg_elf *e, struct arena *a)
{
	enum { SOME = 20 };
	const struct dbg_symbol *list;
	const struct type *type;
	unsigned char code[16];
	uint64_t offset;
	int64_t value;
	unsigned n;

	list = dbg_elf_functions(e, &n);
	for (unsigned i = 0; i < n && i < SOME; i++) {
		const struct dbg_function *f = dbg_dwarf_function(e, list[i].address);
		const struct dbg_function *within = dbg_dwarf_variables(e, list[i].address + list[i].size / 2);

		if (dbg_elf_code_offset(e, list[i].address, &offset))
			arch_instruction_length(code, dbg_elf_read(e, offset, code, sizeof(code)));
		dbg_elf_function_at(e, list[i].address + list[i].size / 2);
		dbg_demangle(a, list[i].name);
		for (unsigned p = 0; f && p < f->nparams; p++)
			follow(f->params[p].type);
		for (unsigned v = 0; within && v < within->nparams; v++)
			follow(within->params[v].type);
	}
	dbg_elf_function(e, "main", NULL);
	dbg_dwarf_variable(e, "sink");
	dbg_dwarf_enumerator(e, "no", &value, &type);
	dbg_dwarf_enumerator(e, "colour::GREEN", &value, &type);
}

static void read_probes(struct dbg_elf *e, struct arena *a)
{
	struct usdt_arg args[USDT_MAX_ARGS];
	const struct dbg_usdt *list;
	unsigned n, size;
	uint64_t at;

	list = dbg_elf_usdt(e, &n);
	for (unsigned i = 0; i < n; i++) {
		unsigned nargs = usdt_args_parse(a, list[i].args, args);

		for (unsigned arg = 0; arg < nargs; arg++)
			if (args[arg].symbol)
				dbg_elf_variable(e, args[arg].symbol, &at, &size);
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static const int tags[] = { DW_TAG_structure_type, DW_TAG_enumeration_type, 0 };
	struct suggest near = { .name = "pint" };
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct arena a = { 0 };
	uint64_t addresses[8];
	struct dbg_elf *e;
	unsigned next;

	if (fd < 0 || write(fd, data, len) != (ssize_t)len) {
		close(fd);
		return 0;
	}
	e = dbg_elf_open_fd(fd, "/fuzz");
	close(fd);
	if (!e)
		return 0;
	read_functions(e, &a);
	read_probes(e, &a);
	dbg_elf_dynamic(e, DT_NEEDED, 0);
	dbg_dwarf_named(e, tags, "point");
	dbg_dwarf_named(e, tags, "colour::point");
	dbg_dwarf_suggest(e, tags, &near);
	dbg_dwarf_lacking(e);
	dbg_elf_imports(e, "first");
	dbg_dwarf_line(e, "small.c", 10, addresses, 8, &next);
	dbg_elf_close_all();
	arena_deinit(&a);
	return 0;
}
