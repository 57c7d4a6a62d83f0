// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files are read, not mapped: one that is cut short meanwhile would end this process by SIGBUS.
 */
#include "debuginfo/elf_file.h"

#include "base/cleanup.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { MAX_SEGMENTS = 4096 };

static VEC(struct dbg_elf *) files;

static bool same_file(const struct dbg_file_id *a, const struct dbg_file_id *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size && a->mtime.tv_sec == b->mtime.tv_sec &&
	       a->mtime.tv_nsec == b->mtime.tv_nsec;
}

static void read_segments(struct dbg_elf *e)
{
	size_t n = 0;

	if (elf_getphdrnum(e->elf, &n))
		return;
	for (size_t i = 0; i < n && i < MAX_SEGMENTS; i++) {
		GElf_Phdr h;

		if (!gelf_getphdr(e->elf, (int)i, &h) || h.p_type != PT_LOAD)
			continue;
		*arena_vec_add(&e->arena, &e->segments) = (struct dbg_segment){
			h.p_vaddr, h.p_filesz, h.p_offset, h.p_flags,
		};
	}
}

static void read_build_id(struct dbg_elf *e)
{
	const void *id;
	ssize_t len = dwelf_elf_gnu_build_id(e->elf, &id);

	if (len <= 0 || len > 64)
		return;
	e->build_id = arena_memdup(&e->arena, id, (size_t)len);
	e->build_id_len = (unsigned)len;
}

static bool is_ours(const struct dbg_elf *e)
{
	const GElf_Ehdr *h = &e->header;
	/* the host's own machine, and i386 beside x86-64 */
#if defined(__x86_64__)
	bool machine = h->e_machine == EM_X86_64 || h->e_machine == EM_386;
#elif defined(__aarch64__)
	bool machine = h->e_machine == EM_AARCH64;
#else
	bool machine = true;
#endif

	return machine && (h->e_type == ET_EXEC || h->e_type == ET_DYN);
}

/* libelf reads the names of sections, and notes, whole; a sparse file can pretend any size of them. */
static bool is_of_sane_size(const struct dbg_elf *e)
{
	size_t strings = 0, n = 0;
	GElf_Shdr section;
	GElf_Phdr segment;

	if (elf_getshdrstrndx(e->elf, &strings))
		strings = 0;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(e->elf, scn));)
		if (gelf_getshdr(scn, &section) && section.sh_size > MAX_WHOLE &&
		    (section.sh_type == SHT_NOTE || elf_ndxscn(scn) == strings))
			return false;
	if (elf_getphdrnum(e->elf, &n))
		n = 0;
	for (size_t i = 0; i < n && i < MAX_SEGMENTS; i++)
		if (gelf_getphdr(e->elf, (int)i, &segment) && segment.p_type == PT_NOTE && segment.p_filesz > MAX_WHOLE)
			return false;
	return true;
}

/* -1 with errno. */
static int read_headers(struct dbg_elf *e)
{
	elf_version(EV_CURRENT);
	e->elf = elf_begin(e->fd, ELF_C_READ, NULL);
	if (!e->elf || elf_kind(e->elf) != ELF_K_ELF || !gelf_getehdr(e->elf, &e->header) || !is_ours(e) ||
	    !is_of_sane_size(e)) {
		errno = ENOEXEC;
		return -1;
	}
	read_segments(e);
	read_build_id(e);
	return 0;
}

static void destroy(struct dbg_elf *e)
{
	int error = errno;

	if (e->dwarf)
		dwarf_end(e->dwarf);
	if (e->mapped)
		elf_end(e->mapped);
	if (e->map)
		munmap(e->map, e->map_size);
	if (e->mini)
		elf_end(e->mini);
	elf_end(e->elf);
	if (e->fd >= 0)
		close(e->fd);
	arena_deinit(&e->arena);
	free(e);
	errno = error;
}

/* Takes fd over. */
static struct dbg_elf *open_file(int fd, const char *path)
{
	struct dbg_elf *e;
	struct dbg_file_id id;
	struct stat st;

	if (fstat(fd, &st) || (!S_ISREG(st.st_mode) && (errno = S_ISDIR(st.st_mode) ? EISDIR : ENOEXEC))) {
		close(fd);
		return NULL;
	}
	id = (struct dbg_file_id){ st.st_dev, st.st_ino, st.st_size, st.st_mtim };
	vec_foreach(file, &files)
		if (same_file(&(*file)->id, &id)) {
			close(fd);
			return *file;
		}
	e = xcalloc(1, sizeof(*e));
	e->id = id;
	e->fd = fd;
	e->path = arena_strdup(&e->arena, path);
	if (read_headers(e)) {
		destroy(e);
		return NULL;
	}
	*vec_add(&files) = e;
	return e;
}

struct dbg_elf *dbg_elf_open(const char *path)
{
	/* not to wait for the other end of a fifo */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 ? NULL : open_file(fd, path);
}

struct dbg_elf *dbg_elf_open_fd(int fd, const char *path)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	return copy < 0 ? NULL : open_file(copy, path);
}

bool dbg_elf_file_has(const char *path, const char *section)
{
	struct dbg_elf e = { .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };
	GElf_Shdr h;
	bool has;

	elf_version(EV_CURRENT);
	e.elf = e.fd < 0 ? NULL : elf_begin(e.fd, ELF_C_READ, NULL);
	has = e.elf && elf_kind(e.elf) == ELF_K_ELF && dbg_elf_section(&e, section, &h);
	elf_end(e.elf);
	if (e.fd >= 0)
		close(e.fd);
	return has;
}

void dbg_elf_close_all(void)
{
	/* debug files were opened after those that use them */
	vec_foreach(file, &files)
		destroy(*file);
	vec_free(&files);
}

Elf *dbg_elf_handle(const struct dbg_elf *e)
{
	return e->elf;
}

bool dbg_elf_is_cut(const struct dbg_elf *e)
{
	uint64_t size = (uint64_t)e->id.size, table = (uint64_t)e->header.e_shnum * e->header.e_shentsize;

	return e->header.e_shoff && (e->header.e_shoff > size || table > size - e->header.e_shoff);
}

bool dbg_elf_is_32bit(const struct dbg_elf *e)
{
	return e->header.e_ident[EI_CLASS] == ELFCLASS32;
}

bool dbg_elf_is_fixed(const struct dbg_elf *e)
{
	return e->header.e_type == ET_EXEC;
}

const unsigned char *dbg_elf_build_id(const struct dbg_elf *e, unsigned *len)
{
	*len = e->build_id_len;
	return e->build_id;
}

static bool to_offset(const struct dbg_elf *e, uint64_t address, unsigned flag, uint64_t *offset)
{
	vec_foreach(s, &e->segments) {
		if (address < s->address || address - s->address >= s->size || !(s->flags & flag))
			continue;
		*offset = address - s->address + s->offset;
		return true;
	}
	return false;
}

bool dbg_elf_code_offset(const struct dbg_elf *e, uint64_t address, uint64_t *offset)
{
	return to_offset(e, address, PF_X, offset);
}

bool dbg_elf_data_offset(const struct dbg_elf *e, uint64_t address, uint64_t *offset)
{
	return to_offset(e, address, PF_W, offset);
}

bool dbg_elf_code(const struct dbg_elf *e, uint64_t *from, uint64_t *to)
{
	*from = UINT64_MAX;
	*to = 0;
	vec_foreach(s, &e->segments) {
		if (!(s->flags & PF_X) || !s->size)
			continue;
		*from = s->address < *from ? s->address : *from;
		*to = s->address + s->size - 1 > *to ? s->address + s->size - 1 : *to;
	}
	return *to;
}

bool dbg_elf_address(const struct dbg_elf *e, uint64_t offset, uint64_t *address)
{
	vec_foreach(s, &e->segments) {
		if (offset < s->offset || offset - s->offset >= s->size)
			continue;
		*address = offset - s->offset + s->address;
		return true;
	}
	return false;
}

/* What was read last is kept: thousands of functions are asked for in their order. */
unsigned dbg_elf_read(struct dbg_elf *e, uint64_t offset, void *to, unsigned n)
{
	enum { WINDOW = 1 << 16 };
	ssize_t got;

	if (!e->window)
		e->window = arena_alloc(&e->arena, WINDOW);
	if (offset < e->window_at || offset - e->window_at + n > e->window_size) {
		got = pread(e->fd, e->window, WINDOW, (off_t)offset);
		e->window_at = offset;
		e->window_size = got > 0 ? (unsigned)got : 0;
	}
	if (n > e->window_size - (unsigned)(offset - e->window_at))
		n = e->window_size - (unsigned)(offset - e->window_at);
	memcpy(to, e->window + (offset - e->window_at), n);
	return n;
}

Elf_Scn *dbg_elf_section(const struct dbg_elf *e, const char *name, GElf_Shdr *header)
{
	Elf_Scn *scn = NULL;
	size_t strings;

	if (elf_getshdrstrndx(e->elf, &strings))
		return NULL;
	while ((scn = elf_nextscn(e->elf, scn))) {
		const char *found = gelf_getshdr(scn, header) ? elf_strptr(e->elf, strings, header->sh_name) : NULL;

		if (found && !strcmp(found, name))
			return scn;
	}
	return NULL;
}
