// SPDX-License-Identifier: GPL-2.0-or-later
/* Symbols of ELF files: of one made here, of this program, and of files that are broken. */
#include "debuginfo/elf.h"
#include "debuginfo/process.h"
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* A library of one segment (file 0x1000 at address 0x401000) with a .symtab. */
enum { NSYMBOLS = 8, CODE = 0x1000, ADDRESS = 0x401000, CODE_SIZE = 0x1000 };

struct file {
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	Elf64_Shdr sections[4];
	Elf64_Sym symbols[NSYMBOLS];
	char strings[256];
	char code[CODE + CODE_SIZE];
};

static struct file file;
static unsigned nsymbols, nstrings;
static char path[64];

static unsigned string(const char *s)
{
	unsigned at = nstrings;

	strcpy(file.strings + at, s);
	nstrings += (unsigned)strlen(s) + 1;
	return at;
}

static void symbol(const char *name, unsigned bind, unsigned type, uint64_t address, uint64_t size)
{
	file.symbols[nsymbols++] = (Elf64_Sym){
		.st_name = string(name), .st_info = ELF64_ST_INFO(bind, type), .st_shndx = 1, .st_value = address,
		.st_size = size,
	};
}

static void make_file(void)
{
	memset(&file, 0, sizeof(file));
	nsymbols = nstrings = 1;
	file.header = (Elf64_Ehdr){
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT }, .e_type = ET_DYN,
		.e_machine = EM_X86_64, .e_version = EV_CURRENT, .e_ehsize = sizeof(Elf64_Ehdr),
		.e_phoff = offsetof(struct file, segment), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1,
		.e_shoff = offsetof(struct file, sections), .e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 4,
		.e_shstrndx = 3,
	};
	file.segment = (Elf64_Phdr){
		.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_offset = CODE, .p_vaddr = ADDRESS, .p_filesz = CODE_SIZE,
		.p_memsz = CODE_SIZE, .p_align = 0x1000,
	};
	file.sections[1] = (Elf64_Shdr){
		.sh_name = string(".text"), .sh_type = SHT_PROGBITS, .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
		.sh_addr = ADDRESS, .sh_offset = CODE, .sh_size = CODE_SIZE,
	};
	file.sections[2] = (Elf64_Shdr){
		.sh_name = string(".symtab"), .sh_type = SHT_SYMTAB, .sh_offset = offsetof(struct file, symbols),
		.sh_size = sizeof(file.symbols), .sh_link = 3, .sh_entsize = sizeof(Elf64_Sym),
	};
	file.sections[3] = (Elf64_Shdr){
		.sh_name = string(".strtab"), .sh_type = SHT_STRTAB, .sh_offset = offsetof(struct file, strings),
		.sh_size = sizeof(file.strings),
	};
	symbol("second", STB_GLOBAL, STT_FUNC, ADDRESS + 0x100, 0x20);
	symbol("__first", STB_GLOBAL, STT_FUNC, ADDRESS + 0x10, 0);
	symbol("first", STB_WEAK, STT_FUNC, ADDRESS + 0x10, 0x30);
	symbol("label", STB_LOCAL, STT_NOTYPE, ADDRESS + 0x200, 0);
	symbol("variable", STB_GLOBAL, STT_OBJECT, ADDRESS + 0x300, 8);
	symbol("elsewhere", STB_GLOBAL, STT_FUNC, 0x10, 8);
	symbol("new@@V_2", STB_GLOBAL, STT_FUNC, ADDRESS + 0x400, 8);
}

/* Each is another file, since open ones are kept. */
static struct dbg_elf *written(size_t size)
{
	int fd;

	strcpy(path, "/tmp/elf_symbols.XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, &file, size), (ssize_t)size);
	close(fd);
	return dbg_elf_open(path);
}

static void teardown(void)
{
	if (*path)
		unlink(path);
}

START_TEST(names)
{
	struct dbg_elf *e;
	const struct dbg_symbol *list;
	unsigned n, size;
	uint64_t at;

	make_file();
	e = written(sizeof(file));
	ck_assert_ptr_nonnull(e);
	ck_assert_ptr_eq(dbg_elf_open(path), e);
	list = dbg_elf_functions(e, &n);
	ck_assert_uint_eq(n, 5);
	ck_assert_str_eq(list[0].name, "first");
	ck_assert_str_eq(list[1].name, "__first");
	ck_assert_str_eq(list[2].name, "second");
	ck_assert_str_eq(list[3].name, "label");
	ck_assert_str_eq(list[4].name, "new");
	ck_assert_str_eq(list[4].version, "V_2");
	ck_assert(list[4].is_default);
	ck_assert_uint_eq(list[1].size, 0x30);
	ck_assert_ptr_eq(dbg_elf_function(e, "second", NULL), &list[2]);
	ck_assert_ptr_null(dbg_elf_function(e, "second", &list[2]));
	ck_assert_ptr_null(dbg_elf_function(e, "variable", NULL));
	ck_assert(dbg_elf_variable(e, "variable", &at, &size));
	ck_assert_uint_eq(at, ADDRESS + 0x300);
	ck_assert(dbg_elf_has_symtab(e));
	ck_assert(!dbg_elf_is_cut(e));
}
END_TEST

START_TEST(addresses)
{
	struct dbg_elf *e;
	uint64_t at;

	make_file();
	e = written(sizeof(file));
	ck_assert(dbg_elf_code_offset(e, ADDRESS + 0x123, &at));
	ck_assert_uint_eq(at, CODE + 0x123);
	ck_assert(dbg_elf_address(e, CODE + 0x123, &at));
	ck_assert_uint_eq(at, ADDRESS + 0x123);
	ck_assert(!dbg_elf_code_offset(e, ADDRESS + CODE_SIZE, &at));
	ck_assert(!dbg_elf_address(e, CODE - 1, &at));
	ck_assert_str_eq(dbg_elf_function_at(e, ADDRESS + 0x10)->name, "first");
	ck_assert_str_eq(dbg_elf_function_at(e, ADDRESS + 0x3f)->name, "first");
	ck_assert_ptr_null(dbg_elf_function_at(e, ADDRESS + 0x40));
	ck_assert_ptr_null(dbg_elf_function_at(e, ADDRESS));
	ck_assert_str_eq(dbg_elf_function_at(e, ADDRESS + 0x11f)->name, "second");
	ck_assert_ptr_null(dbg_elf_function_at(e, ADDRESS + 0x120));
	/* nothing says where it ends */
	ck_assert_str_eq(dbg_elf_function_at(e, ADDRESS + 0x220)->name, "label");
}
END_TEST

/* A label within a function does not end it. */
START_TEST(label_within)
{
	struct dbg_elf *e;

	make_file();
	file.symbols[4].st_value = ADDRESS + 0x110;
	e = written(sizeof(file));
	ck_assert_str_eq(dbg_elf_function_at(e, ADDRESS + 0x118)->name, "second");
	ck_assert_str_eq(dbg_elf_function_at(e, ADDRESS + 0x130)->name, "label");
}
END_TEST

__attribute__((noinline)) static int a_function_of_this_test(void)
{
	return 1;
}

/* This program, which is not stripped: where it is mapped tells which offset the function's code has. */
START_TEST(own)
{
	struct dbg_elf *e = dbg_elf_open("/proc/self/exe");
	const struct dbg_symbol *s = dbg_elf_function(e, "a_function_of_this_test", NULL);
	uint64_t here = (uintptr_t)a_function_of_this_test, offset;
	unsigned long from, to, at;
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	bool found = false;

	ck_assert_ptr_nonnull(s);
	ck_assert(dbg_elf_code_offset(e, s->address, &offset));
	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %*s %lx", &from, &to, &at) == 3 && here >= from && here < to) {
			found = true;
			ck_assert_uint_eq(here - from + at, offset);
		}
	fclose(maps);
	ck_assert(found);
	ck_assert_ptr_eq(dbg_elf_function_at(e, s->address + s->size - 1), s);
	ck_assert_int_eq(a_function_of_this_test(), 1);
}
END_TEST

START_TEST(cut_off)
{
	struct dbg_elf *e;

	make_file();
	e = written(offsetof(struct file, symbols) - 1);
	ck_assert_ptr_nonnull(e);
	ck_assert(dbg_elf_is_cut(e));
}
END_TEST

/* What libelf would read whole: the names of sections, notes by their section and by their segment. The file has holes there. */
START_TEST(sparse)
{
	const uint64_t huge = 1ull << 32;

	make_file();
	file.header.e_phnum = 0;
	if (_i == 0)
		file.sections[3].sh_size = huge;
	if (_i == 1)
		file.sections[1] = (Elf64_Shdr){ .sh_type = SHT_NOTE, .sh_offset = CODE, .sh_size = huge };
	if (_i == 2) {
		file.header.e_phnum = 1;
		file.segment.p_type = PT_NOTE;
		file.segment.p_filesz = huge;
	}
	dbg_elf_close_all();
	ck_assert(!written(sizeof(file)) == (_i < 3));
	ck_assert_int_eq(truncate(path, CODE + (off_t)huge), 0);
	ck_assert(!dbg_elf_open(path) == (_i < 3));
}
END_TEST

/* What is cut short anywhere, or has any one wrong byte in its headers, is refused or has fewer symbols. */
START_TEST(broken)
{
	static const unsigned char bytes[] = { 0, 0x7f, 0x80, 0xff };
	unsigned n;

	for (size_t size = 0; size < offsetof(struct file, code); size += 7) {
		struct dbg_elf *e;

		make_file();
		e = written(size);
		if (e)
			dbg_elf_functions(e, &n);
		dbg_elf_close_all();
		unlink(path);
	}
	for (size_t at = 0; at < offsetof(struct file, code); at++)
		for (size_t b = at % 4; b < 4; b += 4) {
			struct dbg_elf *e;
			uint64_t address;
			unsigned size;

			make_file();
			((unsigned char *)&file)[at] = bytes[b];
			e = written(sizeof(file));
			if (e) {
				dbg_elf_functions(e, &n);
				dbg_elf_function_at(e, ADDRESS + 0x210);
				dbg_elf_variable(e, "no", &address, &size);
			}
			dbg_elf_close_all();
			unlink(path);
		}
	*path = 0;
}
END_TEST

START_TEST(no_elf)
{
	ck_assert_ptr_null(dbg_elf_open("/nowhere"));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_ptr_null(dbg_elf_open("/dev/null"));
	ck_assert_int_eq(errno, ENOEXEC);
	ck_assert_ptr_null(dbg_elf_open("/"));
	ck_assert_int_eq(errno, EISDIR);
	ck_assert_ptr_null(dbg_elf_open("/etc/passwd"));
	ck_assert_int_eq(errno, ENOEXEC);
	*path = 0;
}
END_TEST

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* What an unknown process had mapped at a time from a file with that number: whether the file at the path is taken for it. */
static bool is_taken(uint64_t time, dev_t dev, ino_t ino)
{
	const struct dbg_map map = {
		.start = 0x10000, .size = CODE_SIZE, .offset = CODE, .ino = ino, .major = major(dev), .minor = minor(dev), .path = path,
	};
	enum { NOBODY = 1 << 30 };
	struct dbg_object *o;
	uint64_t offset;
	bool is;

	dbg_process_map(NOBODY, time, &map);
	o = dbg_process_find(NOBODY, time, 0x10000, &offset);
	is = o && dbg_object_elf(o);
	dbg_process_forget_all();
	dbg_elf_close_all();
	return is;
}

START_TEST(another_of_that_number)
{
	enum { SECOND = 1000000000 };	/* more than the steps of any file system's clock */
	uint64_t before = now() - SECOND, later = now() + SECOND;
	struct stat st;

	make_file();
	ck_assert_ptr_nonnull(written(sizeof(file)));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert(is_taken(later, st.st_dev, st.st_ino));
	ck_assert(!is_taken(later, st.st_dev, st.st_ino + 1));
	ck_assert(!is_taken(later, st.st_dev + 1, st.st_ino));
	ck_assert(!is_taken(before, st.st_dev, st.st_ino));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("elf_symbols");
	TCase *t = tcase_create("elf");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, names);
	tcase_add_test(t, addresses);
	tcase_add_test(t, label_within);
	tcase_add_test(t, own);
	tcase_add_test(t, cut_off);
	tcase_add_loop_test(t, sparse, 0, 4);
	tcase_add_test(t, broken);
	tcase_add_test(t, no_elf);
	tcase_add_test(t, another_of_that_number);
	suite_add_tcase(s, t);
	return run_suite(s);
}
