// SPDX-License-Identifier: GPL-2.0-or-later
/* What a stripped file's symbols and DWARF are to be had from: a debug file beside it, the small table within it. */
#include "debuginfo/elf_file.h"

#include "base/cleanup.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <limits.h>
#include <lzma.h>
#include <string.h>
#include <sys/mman.h>

static const char debug_root[] = "/usr/lib/debug";

static uint32_t crc32_of(int fd)
{
	unsigned char buf[1 << 16];
	uint32_t table[256], crc = ~0u;
	off_t at = 0;
	ssize_t n;

	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320u : 0);
	}
	for (; (n = pread(fd, buf, sizeof(buf), at)) > 0; at += n)
		for (ssize_t i = 0; i < n; i++)
			crc = crc >> 8 ^ table[(crc ^ buf[i]) & 0xff];
	return ~crc;
}

/* A sparse file can pretend any size: it would be read for hours. */
enum { MAX_CHECKED = 1 << 30 };

/* Whether the file is e's: by build id, or by the checksum that goes with the link. */
static bool belongs(const struct dbg_elf *e, const struct dbg_elf *debug, const uint32_t *crc)
{
	if (debug == e)
		return false;
	if (e->build_id && debug->build_id)
		return e->build_id_len == debug->build_id_len && !memcmp(e->build_id, debug->build_id, e->build_id_len);
	return crc && debug->id.size <= MAX_CHECKED && crc32_of(debug->fd) == *crc;
}

static bool has_dwarf(const struct dbg_elf *e)
{
	GElf_Shdr h;

	return dbg_elf_section(e, ".debug_info", &h) || dbg_elf_section(e, ".zdebug_info", &h);
}

static bool try(struct dbg_elf *e, const char *path, const uint32_t *crc)
{
	struct dbg_elf *debug = dbg_elf_open(path);

	if (debug && belongs(e, debug, crc))
		e->debug = debug;
	return e->debug;
}

static bool find_by_build_id(struct dbg_elf *e)
{
	char hex[2 * 64 + 1], path[PATH_MAX];

	if (e->build_id_len < 2)
		return false;
	for (unsigned i = 0; i < e->build_id_len; i++)
		snprintf(hex + 2 * i, 3, "%02x", e->build_id[i]);
	snprintf(path, sizeof(path), "%s/.build-id/%.2s/%s.debug", debug_root, hex, hex + 2);
	return try(e, path, NULL);
}

static bool find_by_link(struct dbg_elf *e)
{
	GElf_Word crc;
	const char *name = dwelf_elf_gnu_debuglink(e->elf, &crc);
	char real[PATH_MAX], path[3 * PATH_MAX];
	uint32_t sum = crc;
	char *slash;

	if (!name || strchr(name, '/') || !realpath(e->path, real) || !(slash = strrchr(real, '/')))
		return false;
	*slash = 0;
	snprintf(path, sizeof(path), "%s/.debug/%s", real, name);
	if (try(e, path, &sum))
		return true;
	snprintf(path, sizeof(path), "%s%s/%s", debug_root, real, name);
	if (try(e, path, &sum))
		return true;
	snprintf(path, sizeof(path), "%s/%s", real, name);
	return try(e, path, &sum);
}

/* The separate debug file; NULL if there is none. */
static struct dbg_elf *debug_file(struct dbg_elf *e)
{
	if (!e->looked_for_debug) {
		e->looked_for_debug = true;
		if (!find_by_build_id(e))
			find_by_link(e);
	}
	return e->debug;
}

Elf *dbg_elf_debug_handle(struct dbg_elf *e)
{
	return debug_file(e) ? e->debug->elf : NULL;
}

/*
 * The whole file in memory, with zeros behind it: libdw may read on behind the end of a section that is not valid. Files with DWARF
 * are large, so they are mapped.
 */
static bool map(struct dbg_elf *e)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (size_t)e->id.size;
	void *at = mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return false;
	e->map = at;
	e->map_size = size + page;
	return mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, e->fd, 0) == at;
}

static Dwarf *own_dwarf(struct dbg_elf *e)
{
	if (e->looked_for_dwarf)
		return e->dwarf;
	e->looked_for_dwarf = true;
	if (!has_dwarf(e) || !map(e))
		return NULL;
	e->mapped = elf_memory(e->map, (size_t)e->id.size);
	e->dwarf = e->mapped ? dwarf_begin_elf(e->mapped, DWARF_C_READ, NULL) : NULL;
	return e->dwarf;
}

Dwarf *dbg_elf_dwarf(struct dbg_elf *e)
{
	Dwarf *own = own_dwarf(e);

	return own || !debug_file(e) ? own : own_dwarf(e->debug);
}

/* Expands xz data into memory that the caller frees; NULL if it is not valid or larger than any such table is. */
static void *expand(const void *data, size_t size, size_t *expanded)
{
	enum { MAX_MEMORY = 128 << 20, MAX_SIZE = 256 << 20 };
	lzma_stream s = LZMA_STREAM_INIT;
	size_t cap = 4 * size + 4096;
	unsigned char *out = NULL;
	lzma_ret ret;

	if (lzma_stream_decoder(&s, MAX_MEMORY, 0) != LZMA_OK)
		return NULL;
	s.next_in = data;
	s.avail_in = size;
	do {
		out = xrealloc(out, cap);
		s.next_out = out + s.total_out;
		s.avail_out = cap - s.total_out;
		ret = lzma_code(&s, LZMA_FINISH);
		cap *= 2;
	} while (ret == LZMA_OK && cap <= MAX_SIZE);
	*expanded = s.total_out;
	lzma_end(&s);
	if (ret == LZMA_STREAM_END)
		return out;
	free(out);
	return NULL;
}

Elf *dbg_elf_mini(struct dbg_elf *e)
{
	_cleanup_free_ void *image = NULL;
	Elf_Data *data;
	Elf_Scn *scn;
	GElf_Shdr h;
	size_t size;

	if (e->looked_for_mini)
		return e->mini;
	e->looked_for_mini = true;
	scn = dbg_elf_section(e, ".gnu_debugdata", &h);
	data = scn && h.sh_size <= MAX_WHOLE ? elf_rawdata(scn, NULL) : NULL;
	image = data && data->d_buf ? expand(data->d_buf, data->d_size, &size) : NULL;
	if (image)
		e->mini = elf_memory(arena_memdup(&e->arena, image, size), size);
	return e->mini;
}
