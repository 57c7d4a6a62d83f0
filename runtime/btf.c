// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * BTF that the kernel wants: functions and lines of the script for programs, so that its verifier and its dumps show
 * them, and the types of task storage.
 */
#include "runtime/run.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { MAX_PARAMS = 6, MAX_COLUMN = 1023, MAX_LINE = (1 << 22) - 1 };

struct program_tables {
	VEC(struct bpf_func_info) funcs;
	VEC(struct bpf_line_info) lines;
};

struct btf_tables {
	struct rt *rt;
	struct btf *btf;
	int u64, ctx;			/* type ids */
	int protos[MAX_PARAMS];		/* of functions with so many parameters; 0: not made yet */
	struct program_tables *programs;
	/* the line that was looked up last */
	struct span line;
	unsigned file_off, line_off, number;
};

static int prototype(struct btf_tables *t, unsigned nparams, bool is_main)
{
	int id;

	if (!is_main && t->protos[nparams])
		return t->protos[nparams];
	id = btf__add_func_proto(t->btf, t->u64);
	if (is_main)
		btf__add_func_param(t->btf, "ctx", t->ctx);
	for (unsigned i = 0; !is_main && i < nparams; i++)
		btf__add_func_param(t->btf, (char[]){ (char)('a' + i), 0 }, t->u64);
	if (!is_main)
		t->protos[nparams] = id;
	return id;
}

/* Names of functions are C's. */
static int add_func(struct btf_tables *t, const struct image_func *f, bool is_main)
{
	char name[64];
	unsigned n = 0;
	int proto = prototype(t, f->nparams < MAX_PARAMS ? f->nparams : MAX_PARAMS - 1, is_main);

	for (const char *p = f->name; *p && n < sizeof(name) - 1; p++)
		name[n++] = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", *p) ? *p : '_';
	if (!n || (name[0] >= '0' && name[0] <= '9'))
		name[n ? 0 : n++] = '_';
	name[n] = 0;
	return btf__add_func(t->btf, name, is_main || f->global ? BTF_FUNC_GLOBAL : BTF_FUNC_STATIC, proto);
}

static void find_line(struct btf_tables *t, struct span span)
{
	struct source_place place;
	char *text;

	if (!source_place(t->rt->image->sources, span, &place)) {
		t->line = SPAN_NONE;
		t->file_off = (unsigned)btf__add_str(t->btf, "ply");
		t->line_off = t->number = 0;
		return;
	}
	text = arena_strndup(t->rt->image->arena, place.line_text, place.line_len);
	t->line = (struct span){ span.pos - place.line_offset, place.line_len };
	t->file_off = (unsigned)btf__add_str(t->btf, place.source->name);
	t->line_off = (unsigned)btf__add_str(t->btf, text);
	t->number = place.line < MAX_LINE ? place.line : MAX_LINE;
}

static void add_line(struct btf_tables *t, struct program_tables *p, unsigned insn, struct span span)
{
	unsigned column;

	if (!t->line.pos || span.pos < t->line.pos || span.pos > t->line.pos + t->line.len)
		find_line(t, span);
	column = t->line.pos ? span.pos - t->line.pos + 1 : 0;
	*arena_vec_add(t->rt->image->arena, &p->lines) = (struct bpf_line_info){
		.insn_off = insn,
		.file_name_off = t->file_off,
		.line_off = t->line_off,
		.line_col = t->number << 10 | (column < MAX_COLUMN ? column : MAX_COLUMN),
	};
}

/* Each function must begin with a line. */
static void add_program(struct btf_tables *t, struct program_tables *p, const struct image_program *ip)
{
	unsigned line = 0;

	for (unsigned i = 0; i < ip->funcs.len; i++) {
		const struct image_func *f = &ip->funcs.data[i];

		*arena_vec_add(t->rt->image->arena, &p->funcs) = (struct bpf_func_info){
			.insn_off = f->insn, .type_id = (unsigned)add_func(t, f, i == 0),
		};
		for (; line < ip->lines.len && ip->lines.data[line].insn < f->insn; line++)
			add_line(t, p, ip->lines.data[line].insn, ip->lines.data[line].span);
		if (line == ip->lines.len || ip->lines.data[line].insn != f->insn)
			add_line(t, p, f->insn, f->span);
	}
	for (; line < ip->lines.len; line++)
		add_line(t, p, ip->lines.data[line].insn, ip->lines.data[line].span);
}

static int load(const struct btf *btf)
{
	const void *data;
	unsigned size;

	data = btf__raw_data(btf, &size);
	return data ? bpf_btf_load(data, size, NULL) : -1;
}

/* Without BTF (a kernel built without it) programs load all the same, unless they need bpf_loop. */
struct btf_tables *btf_tables_create(struct rt *rt)
{
	struct btf_tables *t = arena_new(rt->image->arena, struct btf_tables);

	t->rt = rt;
	t->btf = btf__new_empty();
	if (!t->btf)
		return NULL;
	t->u64 = btf__add_int(t->btf, "u64", 8, 0);
	t->ctx = btf__add_ptr(t->btf, 0);
	t->programs = arena_array(rt->image->arena, struct program_tables, rt->image->programs.len);
	for (unsigned i = 0; i < rt->image->programs.len; i++)
		add_program(t, &t->programs[i], &rt->image->programs.data[i]);
	rt->btf_fd = load(t->btf);
	return t;
}

void btf_tables_destroy(struct btf_tables *t)
{
	if (t)
		btf__free(t->btf);
}

const void *btf_func_info(const struct btf_tables *t, unsigned n, unsigned *count)
{
	*count = t->programs[n].funcs.len;
	return t->programs[n].funcs.data;
}

const void *btf_line_info(const struct btf_tables *t, unsigned n, unsigned *count)
{
	*count = t->programs[n].lines.len;
	return t->programs[n].lines.data;
}

int btf_storage_types(unsigned size)
{
	struct btf *btf = btf__new_empty();
	int byte, fd, error;

	if (!btf)
		return -1;
	btf__add_int(btf, "u32", 4, 0);
	byte = 3;
	btf__add_array(btf, 1, byte, size);
	btf__add_int(btf, "u8", 1, 0);
	fd = load(btf);
	error = errno;
	btf__free(btf);
	errno = error;
	return fd;
}
