// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A note's description: the addresses of the probe, of .stapsdt.base when the note was made, and of the semaphore; then
 * provider, name and arguments as texts. Addresses move with .stapsdt.base if the file was prelinked.
 */
#include "debuginfo/elf_file.h"
#include "debuginfo/stapsdt.h"

#include <string.h>

enum { NT_STAPSDT = 3 };

static uint64_t word(const char *at, unsigned size)
{
	uint64_t v = 0;

	memcpy(&v, at, size);
	return v;
}

/* The text at *at, which is moved behind it; NULL if it does not end before `end`. */
static const char *text(const char **at, const char *end)
{
	const char *begin = *at, *zero = memchr(begin, 0, (size_t)(end - begin));

	if (!zero)
		return NULL;
	*at = zero + 1;
	return begin;
}

static void add(struct dbg_elf *e, const char *desc, size_t size, uint64_t base)
{
	unsigned w = dbg_elf_is_32bit(e) ? 4 : 8;
	const char *at = desc + 3 * w, *end = desc + size;
	struct dbg_usdt u = { 0 };
	uint64_t move;

	if (size < 3 * w)
		return;
	move = base ? base - word(desc + w, w) : 0;
	u.address = word(desc, w) + move;
	u.semaphore = word(desc + 2 * w, w);
	u.semaphore += u.semaphore ? move : 0;
	u.provider = text(&at, end);
	u.name = u.provider ? text(&at, end) : NULL;
	u.args = u.name ? text(&at, end) : NULL;
	if (!u.args || !*u.provider || !*u.name)
		return;
	*arena_vec_add(&e->arena, &e->usdt) = (struct dbg_usdt){
		arena_strdup(&e->arena, u.provider), arena_strdup(&e->arena, u.name), arena_strdup(&e->arena, u.args),
		u.address, u.semaphore,
	};
}

static void read_notes(struct dbg_elf *e)
{
	GElf_Shdr h, base;
	Elf_Scn *scn = dbg_elf_section(e, ".note.stapsdt", &h);
	Elf_Data *data = scn && h.sh_size <= MAX_WHOLE ? elf_getdata(scn, NULL) : NULL;
	size_t at = 0, next, name, desc;
	GElf_Nhdr note;

	if (!data || !data->d_buf)
		return;
	if (!dbg_elf_section(e, ".stapsdt.base", &base))
		base.sh_addr = 0;
	while ((next = gelf_getnote(data, at, &note, &name, &desc)) > 0) {
		const char *buf = data->d_buf;

		if (note.n_type == NT_STAPSDT && note.n_namesz == 8 && !memcmp(buf + name, "stapsdt", 8))
			add(e, buf + desc, note.n_descsz, base.sh_addr);
		at = next;
	}
}

const struct dbg_usdt *dbg_elf_usdt(struct dbg_elf *e, unsigned *n)
{
	if (!e->has_usdt) {
		e->has_usdt = true;
		read_notes(e);
	}
	*n = e->usdt.len;
	return e->usdt.data;
}
