// SPDX-License-Identifier: GPL-2.0-or-later
/* A whole run in the kernel, of images whose instructions are written here. Skipped where BPF may not be loaded. */
#include "runtime/session.h"

#include "provider/mechanism.h"
#include "suite.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define INSN(c, d, s, o, i) ((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define MOV(d, i) INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define MOVR(d, s) INSN(BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define ADD(d, i) INSN(BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, i)
#define LDMAP(d) INSN(BPF_LD | BPF_DW | BPF_IMM, d, 0, 0, 0), INSN(0, 0, 0, 0, 0)
#define ST(size, d, o, i) INSN(BPF_ST | BPF_MEM | (size), d, 0, o, i)
#define STX(size, d, o, s) INSN(BPF_STX | BPF_MEM | (size), d, s, o, 0)
#define CALL(f) INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_##f)
#define JEQ(d, i, o) INSN(BPF_JMP | BPF_JEQ | BPF_K, d, 0, o, i)
#define EXIT INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

static struct arena arena;
static struct sources sources;
static struct diag diag;
static struct image image;
static struct map_def data_map, ring_map, hash_map;
static struct probes probes;
static char path[] = "/tmp/ply-rt-XXXXXX";

static const struct mechanism begin_mechanism = {
	.name = "begin", .prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT, .started_by = STARTED_BY_BEGIN,
};

static void setup(void)
{
	static const char text[] = "BEGIN { printf(\"%d\\n\", 7); exit(3); }\nEND { }\n";

	arena = (struct arena){ 0 };
	sources = (struct sources){ 0 };
	source_add(&sources, "one-liner", text, strlen(text));
	diag_init(&diag, &sources);
	image = (struct image){ .arena = &arena, .sources = &sources };
	data_map = (struct map_def){
		.name = "data", .index = 0, .kind = MAP_ARRAY, .key_size = 4, .value_size = DATA_FIRST + 64, .entries = 1,
		.mmapable = true,
	};
	ring_map = (struct map_def){ .name = "events", .index = 1, .kind = MAP_RINGBUF, .entries = 1 << 16 };
	*arena_vec_add(&arena, &image.maps) = &data_map;
	*arena_vec_add(&arena, &image.maps) = &ring_map;
	image.data.map = &data_map;
	image.ring = &ring_map;
	strcpy(path + sizeof(path) - 7, "XXXXXX");
	close(mkstemp(path));
}

static void teardown(void)
{
	unlink(path);
	diag_deinit(&diag);
	sources_deinit(&sources);
	arena_deinit(&arena);
}

static struct image_program *add_program(const struct bpf_insn *insns, unsigned n)
{
	struct program *p = arena_new(&arena, struct program);
	struct image_program *ip = arena_vec_add(&arena, &image.programs);

	p->name = "begin";
	p->mechanism = &begin_mechanism;
	ip->name = "begin";
	ip->insns = arena_memdup(&arena, insns, n * sizeof(*insns));
	ip->ninsns = n;
	ip->mechanism = p;
	*arena_vec_add(&arena, &ip->funcs) = (struct image_func){ .name = "main", .span = { 1, 5 } };
	return ip;
}

static void add_reloc(struct image_program *ip, unsigned insn, enum image_reloc_kind kind, const struct map_def *map,
		      unsigned offset)
{
	*arena_vec_add(&arena, &ip->relocs) = (struct image_reloc){ insn, kind, map->index, offset };
}

static int run(void)
{
	const struct rt_options opts = { .out = path };

	diag.out = stderr;
	return rt_run(&image, &probes, &opts, &diag);
}

static const char *output(void)
{
	static char buf[4096];
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, buf, sizeof(buf) - 1);

	close(fd);
	buf[n > 0 ? n : 0] = 0;
	return buf;
}

/* A record with one number, then exit(3). */
START_TEST(test_printf_exit)
{
	const struct bpf_insn insns[] = {
		LDMAP(1), MOV(2, 24), MOV(3, 0), CALL(ringbuf_reserve), JEQ(0, 0, 6),
		ST(BPF_DW, 0, 0, 0), ST(BPF_DW, 0, 8, 1), ST(BPF_DW, 0, 16, 7),
		MOVR(1, 0), MOV(2, 0), CALL(ringbuf_submit),
		LDMAP(1), ST(BPF_DW, 1, DATA_EXIT, 1), ST(BPF_DW, 1, DATA_STATUS, 3), MOV(0, 0), EXIT,
	};
	struct image_program *ip = add_program(insns, sizeof(insns) / sizeof(*insns));
	struct record_def *record = arena_new(&arena, struct record_def);
	struct record_item *item;

	add_reloc(ip, 0, RELOC_MAP, &ring_map, 0);
	add_reloc(ip, 12, RELOC_MAP_VALUE, &data_map, 0);
	record->fixed_size = record->max_size = 24;
	item = arena_vec_add(&arena, &record->items);
	item->kind = ITEM_PRINTF;
	item->format = "%d\n";
	*arena_vec_add(&arena, &item->fields) = (struct record_field){ FIELD_FIXED, 16, 8, &type_s64 };
	*arena_vec_add(&arena, &image.records) = record;
	ck_assert_int_eq(run(), 3);
	ck_assert_str_eq(output(), "7\n");
}
END_TEST

/* One entry of a hash, counted twice; printed at the end. */
START_TEST(test_map)
{
	const struct bpf_insn insns[] = {
		ST(BPF_DW, 10, -8, 42), ST(BPF_DW, 10, -16, 5), LDMAP(1), MOVR(2, 10), ADD(2, -8), MOVR(3, 10), ADD(3, -16),
		MOV(4, 0), CALL(map_update_elem), ST(BPF_DW, 10, -8, 43), ST(BPF_DW, 10, -16, 4), LDMAP(1), MOVR(2, 10),
		ADD(2, -8), MOVR(3, 10), ADD(3, -16), MOV(4, 0), CALL(map_update_elem),
		LDMAP(1), ST(BPF_DW, 1, DATA_EXIT, 1), MOV(0, 0), EXIT,
	};
	struct image_program *ip = add_program(insns, sizeof(insns) / sizeof(*insns));
	struct var_def *var = arena_new(&arena, struct var_def);

	hash_map = (struct map_def){
		.name = "@x", .index = 2, .kind = MAP_PERCPU_HASH, .key_size = 8, .value_size = 8, .entries = 16,
		.drops = -1, .zeros = -1,
	};
	*arena_vec_add(&arena, &hash_map.key) = (struct key_field){ 0, 8, false };
	*arena_vec_add(&arena, &image.maps) = &hash_map;
	*var = (struct var_def){
		.name = "@x", .storage = VAR_MAP, .map = &hash_map, .cells = 1, .cell_size = 8, .key = &type_u64,
		.key_names = "pid", .value = type_agg(&arena, AGG_COUNT, &type_s64), .print_at_end = true,
	};
	*arena_vec_add(&arena, &image.vars) = var;
	image.ring = NULL;
	add_reloc(ip, 2, RELOC_MAP, &hash_map, 0);
	add_reloc(ip, 12, RELOC_MAP, &hash_map, 0);
	add_reloc(ip, 20, RELOC_MAP_VALUE, &data_map, 0);
	ck_assert_int_eq(run(), 0);
	ck_assert_str_eq(output(), "@x[pid]\n  43                                   4\n  42                                   5\n");
}
END_TEST

/* What the verifier refuses is reported at the script's line. */
START_TEST(test_refused)
{
	const struct bpf_insn insns[] = { MOV(1, 0), STX(BPF_DW, 1, 0, 1), MOV(0, 0), EXIT };
	struct image_program *ip = add_program(insns, 4);
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	const struct rt_options opts = { .out = path };

	*arena_vec_add(&arena, &ip->lines) = (struct image_line){ 0, { 1, 5 } };
	*arena_vec_add(&arena, &ip->lines) = (struct image_line){ 1, { 9, 6 } };
	diag.out = f;
	ck_assert_int_eq(rt_run(&image, &probes, &opts, &diag), 1);
	fclose(f);
	ck_assert_ptr_nonnull(strstr(text, "one-liner:1:9: error: the kernel refused the program made from this"));
	ck_assert_ptr_nonnull(strstr(text, "hint: instruction 1: R1 invalid mem access"));
	free(text);
}
END_TEST

int main(void)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, NULL, 4, 8, 1, NULL);
	Suite *s = suite_create("session");
	TCase *tc = tcase_create("run");

	if (fd < 0) {
		puts("BPF may not be loaded");
		return 77;
	}
	close(fd);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_printf_exit);
	tcase_add_test(tc, test_map);
	tcase_add_test(tc, test_refused);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
