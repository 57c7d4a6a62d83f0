// SPDX-License-Identifier: GPL-2.0-or-later
#include "test/unit/bpfgen_kernel.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NCPUS = 16, LOG_SIZE = 1 << 24, FUNCS = 64 };

bool kernel_usable(void)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "usable", "GPL", insns, 2, NULL);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

void kernel_generate(struct kernel *k, const char *ir)
{
	const char *error;

	memset(k, 0, sizeof(*k));
	k->prog = -1;
	for (unsigned i = 0; i < KERNEL_MAPS; i++)
		k->maps[i] = -1;
	diag_init(&k->diag, &k->sources);
	k->module = ir_parse(&k->arena, ir, &error);
	ck_assert_msg(k->module != NULL, "%s", error);
	vec_foreach(p, &k->module->programs)
		vec_foreach(f, &(*p)->funcs) {
			error = ir_verify(&k->arena, *f);
			ck_assert_msg(!error, "%s", error);
		}
	k->image.arena = &k->arena;
	k->image.sources = &k->sources;
	k->image.data.ncpus = NCPUS;
	if (gen_module(&k->image, k->module, &k->diag)) {
		diag_flush(&k->diag);
		ck_abort_msg("no code");
	}
}

char *kernel_text(struct kernel *k)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	gen_print_program(out, &k->image, &k->image.programs.data[0], false);
	fclose(out);
	return text;
}

static void make_maps(struct kernel *k)
{
	static const enum bpf_map_type types[] = {
		[MAP_ARRAY] = BPF_MAP_TYPE_ARRAY,
		[MAP_HASH] = BPF_MAP_TYPE_HASH,
		[MAP_PERCPU_HASH] = BPF_MAP_TYPE_PERCPU_HASH,
		[MAP_RINGBUF] = BPF_MAP_TYPE_RINGBUF,
	};

	vec_foreach(m, &k->image.maps) {
		struct map_def *d = *m;

		k->maps[d->index] = bpf_map_create(types[d->kind], "test", d->kind == MAP_ARRAY ? 4 : d->key_size,
						   d->value_size, d->entries ? d->entries : 1, NULL);
		ck_assert_msg(k->maps[d->index] >= 0, "map %s: %s", d->name, strerror(errno));
	}
}

static void relocate(struct kernel *k, const struct image_program *p)
{
	vec_foreach(r, &p->relocs) {
		struct bpf_insn *i = &p->insns[r->insn];

		if (r->kind == RELOC_PATCH) {
			i->imm = 4711;
			continue;
		}
		i->imm = k->maps[r->index];
		if (r->kind == RELOC_MAP_VALUE)
			i[1].imm = (int)r->offset;
	}
}

/* The function table as the kernel wants it; callbacks are refused without. */
static int make_btf(const struct image_program *p, struct bpf_func_info *info)
{
	struct btf *btf = btf__new_empty();
	int u64 = btf__add_int(btf, "u64", 8, 0), proto, fd;
	const void *raw;
	uint32_t size;

	for (unsigned i = 0; i < p->funcs.len; i++) {
		const struct image_func *f = &p->funcs.data[i];

		proto = btf__add_func_proto(btf, u64);
		for (unsigned n = 0; n < f->nparams || (!n && !i); n++)
			btf__add_func_param(btf, "x", u64);
		info[i].insn_off = f->insn;
		info[i].type_id = (unsigned)btf__add_func(btf, f->name, f->global ? BTF_FUNC_GLOBAL : BTF_FUNC_STATIC, proto);
	}
	raw = btf__raw_data(btf, &size);
	fd = bpf_btf_load(raw, size, NULL);
	btf__free(btf);
	return fd;
}

static void load_again(struct kernel *k, struct bpf_prog_load_opts *opts)
{
	struct image_program *p = &k->image.programs.data[0];
	char *log = calloc(LOG_SIZE, 1), *text;

	opts->log_level = 1;
	opts->log_buf = log;
	opts->log_size = LOG_SIZE;
	k->prog = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "test", "GPL", p->insns, p->ninsns, opts);
	if (k->prog < 0 && !strstr(log, "BPF program is too large. Processed")) {
		text = kernel_text(k);
		fprintf(stderr, "%s%s\n", text, strlen(log) > 20000 ? log + strlen(log) - 20000 : log);
		ck_abort_msg("refused: %s", strerror(errno));
	}
	free(log);
}

bool kernel_open(struct kernel *k, const char *ir)
{
	struct image_program *p;
	struct bpf_func_info info[FUNCS];
	int btf;

	kernel_generate(k, ir);
	make_maps(k);
	p = &k->image.programs.data[0];
	ck_assert(p->funcs.len <= FUNCS);
	relocate(k, p);
	btf = make_btf(p, info);
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_btf_fd = btf < 0 ? 0 : (unsigned)btf, .func_info = info,
		    .func_info_cnt = btf < 0 ? 0 : p->funcs.len, .func_info_rec_size = sizeof(*info));
	k->prog = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "test", "GPL", p->insns, p->ninsns, &opts);
	if (k->prog < 0)
		load_again(k, &opts);
	if (btf >= 0)
		close(btf);
	return k->prog >= 0;
}

uint32_t kernel_run(struct kernel *k, const uint64_t *args, unsigned nargs)
{
	uint64_t ctx[12] = { 0 };

	if (nargs)
		memcpy(ctx, args, nargs * sizeof(*ctx));
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = ctx, .ctx_size_in = sizeof(ctx));
	ck_assert_msg(!bpf_prog_test_run_opts(k->prog, &opts), "test run: %s", strerror(errno));
	return opts.retval;
}

void kernel_read(struct kernel *k, unsigned map, void *value)
{
	ck_assert(!bpf_map_lookup_elem(k->maps[map], &(uint32_t){ 0 }, value));
}

void kernel_write(struct kernel *k, unsigned map, const void *value)
{
	ck_assert(!bpf_map_update_elem(k->maps[map], &(uint32_t){ 0 }, value, 0));
}

void kernel_close(struct kernel *k)
{
	if (k->prog >= 0)
		close(k->prog);
	for (unsigned i = 0; i < KERNEL_MAPS; i++)
		if (k->maps[i] >= 0)
			close(k->maps[i]);
	diag_deinit(&k->diag);
	sources_deinit(&k->sources);
	arena_deinit(&k->arena);
}
