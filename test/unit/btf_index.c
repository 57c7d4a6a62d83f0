// SPDX-License-Identifier: GPL-2.0-or-later
/* The index over BTF, on BTF made here: types, names, members, enumerators, a module's split BTF, broken files. */
#include "debuginfo/btf.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

/* BTF being written: the sections grow apart and are put together by finish. */
struct writer {
	uint32_t types[256];
	unsigned ntypes;		/* words */
	uint32_t next_id, first_string;
	char strings[512];
	unsigned nstrings;
	char file[4096];
};

static struct writer w, module;
static struct dbg_btf *btf, *split;

static void start(struct writer *to, uint32_t first_id, uint32_t first_string)
{
	*to = (struct writer){ .next_id = first_id, .first_string = first_string };
	/* the first string is the empty one; a module's own strings go on behind the kernel's */
	to->nstrings = first_string ? 0 : 1;
}

static uint32_t string(struct writer *to, const char *s)
{
	uint32_t at = to->nstrings;

	if (!s)
		return 0;
	strcpy(to->strings + at, s);
	to->nstrings += (unsigned)strlen(s) + 1;
	return to->first_string + at;
}

static void word(struct writer *to, uint32_t v)
{
	to->types[to->ntypes++] = v;
}

static uint32_t type(struct writer *to, const char *name, unsigned kind, unsigned vlen, bool flag, uint32_t size_or_type)
{
	word(to, string(to, name));
	word(to, kind << 24 | vlen | (uint32_t)flag << 31);
	word(to, size_or_type);
	return to->next_id++;
}

static uint32_t integer(struct writer *to, const char *name, unsigned size, unsigned encoding)
{
	uint32_t id = type(to, name, BTF_KIND_INT, 0, false, size);

	word(to, encoding << 24 | size * 8);
	return id;
}

static void member(struct writer *to, const char *name, uint32_t id, uint32_t bit, uint32_t bits)
{
	word(to, string(to, name));
	word(to, id);
	word(to, bits << 24 | bit);
}

static size_t finish(struct writer *to)
{
	struct btf_header h = {
		.magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(h), .type_len = to->ntypes * 4,
		.str_off = to->ntypes * 4, .str_len = to->nstrings,
	};

	memcpy(to->file, &h, sizeof(h));
	memcpy(to->file + sizeof(h), to->types, h.type_len);
	memcpy(to->file + sizeof(h) + h.str_off, to->strings, h.str_len);
	return sizeof(h) + h.str_off + h.str_len;
}

enum { INT = 1, CHAR, BOOL, LONG, STATE, POINT, ANON, TEXT, TASK_PTR, TASK, POINT_T, PROTO, FUNC, BIG, FWD, NTYPES };

static void setup(void)
{
	start(&w, 1, 0);
	integer(&w, "int", 4, BTF_INT_SIGNED);
	integer(&w, "char", 1, BTF_INT_SIGNED);
	integer(&w, "_Bool", 1, BTF_INT_BOOL);
	integer(&w, "long unsigned int", 8, 0);
	type(&w, "state", BTF_KIND_ENUM, 2, false, 4);
	word(&w, string(&w, "IDLE"));
	word(&w, 0);
	word(&w, string(&w, "GONE"));
	word(&w, (uint32_t)-2);
	type(&w, NULL, BTF_KIND_STRUCT, 2, false, 8);	/* POINT */
	member(&w, "x", INT, 0, 0);
	member(&w, "y", INT, 32, 0);
	type(&w, NULL, BTF_KIND_UNION, 2, false, 8);	/* ANON */
	member(&w, "raw", LONG, 0, 0);
	member(&w, NULL, POINT, 0, 0);
	type(&w, NULL, BTF_KIND_ARRAY, 0, false, 0);	/* TEXT */
	word(&w, CHAR);
	word(&w, INT);
	word(&w, 16);
	type(&w, NULL, BTF_KIND_PTR, 0, false, TASK);
	type(&w, "task", BTF_KIND_STRUCT, 6, true, 48);
	member(&w, "parent", TASK_PTR, 0, 0);
	member(&w, NULL, ANON, 64, 0);
	member(&w, "comm", TEXT, 128, 0);
	member(&w, "low", INT, 256, 3);
	member(&w, "high", INT, 259, 29);
	member(&w, "at", POINT_T, 320, 0);
	type(&w, "point_t", BTF_KIND_TYPEDEF, 0, false, POINT);
	type(&w, NULL, BTF_KIND_FUNC_PROTO, 2, false, LONG);
	word(&w, string(&w, "task"));
	word(&w, TASK_PTR);
	word(&w, string(&w, "count"));
	word(&w, INT);
	type(&w, "do_it", BTF_KIND_FUNC, 0, false, PROTO);
	type(&w, "big", 19 /* ENUM64 */, 1, false, 8);
	word(&w, string(&w, "HUGE"));
	word(&w, 1);
	word(&w, 0x10);
	type(&w, "task", BTF_KIND_FWD, 0, false, 0);
	ck_assert_uint_eq(w.next_id, NTYPES);
	btf = dbg_btf_create(w.file, finish(&w), "vmlinux", NULL);
	ck_assert_ptr_nonnull(btf);

	start(&module, NTYPES, w.nstrings);
	type(&module, "extra", BTF_KIND_STRUCT, 2, false, 16);
	member(&module, "task", TASK_PTR, 0, 0);
	member(&module, "n", INT, 64, 0);
	type(&module, "mod_do", BTF_KIND_FUNC, 0, false, PROTO);
	split = dbg_btf_create(module.file, finish(&module), "mod", btf);
	ck_assert_ptr_nonnull(split);
}

static void teardown(void)
{
	dbg_btf_destroy(split);
	dbg_btf_destroy(btf);
}

START_TEST(names_are_found_by_kind)
{
	ck_assert_uint_eq(dbg_btf_find(btf, "task", BTF_KIND_STRUCT), TASK);
	ck_assert_uint_eq(dbg_btf_find(btf, "task", BTF_KIND_FUNC), 0);
	ck_assert_uint_eq(dbg_btf_find(btf, "tas", BTF_KIND_STRUCT), 0);
	ck_assert_uint_eq(dbg_btf_find(btf, "big", BTF_KIND_ENUM), BIG);
	ck_assert_uint_eq(dbg_btf_find(btf, "do_it", BTF_KIND_FUNC), FUNC);
	ck_assert_uint_eq(dbg_btf_next(btf, 0, BTF_KIND_STRUCT), POINT);
	ck_assert_uint_eq(dbg_btf_next(btf, POINT, BTF_KIND_STRUCT), TASK);
	ck_assert_uint_eq(dbg_btf_next(btf, TASK, BTF_KIND_STRUCT), 0);
	ck_assert_str_eq(dbg_btf_name(btf, POINT_T), "point_t");
	ck_assert_str_eq(dbg_btf_name(btf, TASK_PTR), "");
	ck_assert_str_eq(dbg_btf_name(btf, 1000), "");
}
END_TEST

START_TEST(offsets_go_through_anonymous_members)
{
	static const struct {
		const char *path;
		int offset;
		unsigned size;
	} cases[] = {
		{ "parent", 0, 8 }, { "raw", 8, 8 }, { "x", 8, 4 }, { "y", 12, 4 }, { "comm", 16, 16 }, { "at.y", 44, 4 },
		{ "at", 40, 8 }, { "low", -1, 0 }, { "nothing", -1, 0 }, { "comm.x", -1, 0 }, { "parent.x", -1, 0 },
		{ "", -1, 0 }, { "at.", -1, 0 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned size = 0;

		ck_assert_int_eq(dbg_btf_offset(btf, "task", cases[i].path, &size), cases[i].offset);
		ck_assert_uint_eq(size, cases[i].size);
	}
	ck_assert_int_eq(dbg_btf_offset(btf, "nothing", "x", NULL), -1);
}
END_TEST

START_TEST(structs_are_completed_in_place)
{
	const struct type *pointer = dbg_btf_type(btf, TASK_PTR), *task = pointer->target;

	ck_assert_int_eq(pointer->kind, TYPE_POINTER);
	ck_assert_int_eq(task->kind, TYPE_STRUCT);
	ck_assert_str_eq(task->name, "task");
	ck_assert_uint_eq(task->size, 48);
	ck_assert_ptr_null(task->members);
	dbg_btf_complete(btf, TASK);
	ck_assert_ptr_nonnull(task->members);
	ck_assert_ptr_eq(dbg_btf_type(btf, TASK), task);
}
END_TEST

START_TEST(members_become_the_languages)
{
	const struct type *t = dbg_btf_complete(btf, TASK);
	const struct type_member *m = t->members;

	ck_assert_uint_eq(t->nmembers, 8);
	ck_assert_str_eq(m[0].name, "parent");
	ck_assert_ptr_eq(m[0].type->target, t);
	ck_assert_str_eq(m[1].name, "raw");
	ck_assert_ptr_eq(m[1].type, &type_u64);
	ck_assert_str_eq(m[3].name, "y");
	ck_assert_uint_eq(m[3].offset, 12);
	ck_assert_ptr_eq(m[3].type, &type_s32);
	ck_assert_str_eq(m[4].name, "comm");
	ck_assert_int_eq(m[4].type->kind, TYPE_ARRAY);
	ck_assert_ptr_eq(m[4].type->target, &type_char);
	ck_assert_uint_eq(m[4].type->count, 16);
	ck_assert_str_eq(m[5].name, "low");
	ck_assert_uint_eq(m[5].offset, 32);
	ck_assert_uint_eq(m[5].bit_offset, 0);
	ck_assert_uint_eq(m[5].bit_size, 3);
	ck_assert_uint_eq(m[6].bit_offset, 3);
	ck_assert_uint_eq(m[6].bit_size, 29);
	/* a struct without a tag has its typedef's name, and members at once */
	ck_assert_str_eq(m[7].type->name, "point_t");
	ck_assert_uint_eq(m[7].type->nmembers, 2);
	ck_assert_ptr_eq(dbg_btf_type(btf, BOOL), &type_bool);
	ck_assert_ptr_eq(dbg_btf_type(btf, 0), &type_void);
	ck_assert_ptr_null(dbg_btf_type(btf, FWD)->members);
}
END_TEST

START_TEST(enumerators_have_their_values)
{
	const struct type *t;
	int64_t v;

	ck_assert(dbg_btf_enumerator(btf, "GONE", &v, &t));
	ck_assert_int_eq(v, -2);
	ck_assert_str_eq(t->name, "state");
	ck_assert(t->is_signed);
	ck_assert(dbg_btf_enumerator(btf, "HUGE", &v, &t));
	ck_assert_int_eq(v, 0x1000000001);
	ck_assert_uint_eq(t->size, 8);
	ck_assert(!dbg_btf_enumerator(btf, "GON", &v, &t));
}
END_TEST

START_TEST(prototypes)
{
	struct dbg_proto proto;

	ck_assert(dbg_btf_proto(btf, FUNC, &proto));
	ck_assert_uint_eq(proto.result, LONG);
	ck_assert_uint_eq(proto.nparams, 2);
	ck_assert_str_eq(dbg_btf_string(btf, proto.params[1].name_off), "count");
	ck_assert(!dbg_btf_proto(btf, INT, &proto));
}
END_TEST

START_TEST(modules_see_the_kernels_types)
{
	uint32_t id = dbg_btf_find(split, "extra", BTF_KIND_STRUCT);
	struct dbg_proto proto;

	ck_assert_uint_eq(id, NTYPES);
	ck_assert_uint_eq(dbg_btf_find(btf, "extra", BTF_KIND_STRUCT), 0);
	ck_assert_uint_eq(dbg_btf_find(split, "task", BTF_KIND_STRUCT), TASK);
	ck_assert_uint_eq(dbg_btf_next(split, 0, BTF_KIND_FUNC), NTYPES + 1);
	ck_assert_str_eq(dbg_btf_name(split, NTYPES + 1), "mod_do");
	ck_assert_int_eq(dbg_btf_offset(split, "extra", "n", NULL), 8);
	ck_assert(dbg_btf_proto(split, NTYPES + 1, &proto));
	ck_assert_ptr_eq(dbg_btf_complete(split, id)->members[0].type, dbg_btf_type(btf, TASK_PTR));
}
END_TEST

START_TEST(broken_files_are_refused_or_end_early)
{
	size_t size = finish(&w);
	char *file = malloc(size);
	struct dbg_btf *b;
	struct btf_header *h = (void *)file;

	for (size_t n = 0; n < size; n++) {
		memcpy(file, w.file, size);
		ck_assert_ptr_null(dbg_btf_create(file, n, "x", NULL));
	}
	memcpy(file, w.file, size);
	h->magic++;
	ck_assert_ptr_null(dbg_btf_create(file, size, "x", NULL));
	/* whatever stands in the types, nothing outside of them is looked at */
	for (unsigned i = 0; i < h->type_len; i++) {
		memcpy(file, w.file, size);
		file[sizeof(*h) + i] ^= 0xff;
		b = dbg_btf_create(file, size, "x", NULL);
		ck_assert_ptr_nonnull(b);
		for (uint32_t id = 1; id < NTYPES; id++)
			dbg_btf_complete(b, id);
		dbg_btf_offset(b, "task", "at.y", NULL);
		dbg_btf_find(b, "nothing", BTF_KIND_FUNC);
		dbg_btf_destroy(b);
	}
	free(file);
}
END_TEST

/* All that can be asked of a file; it comes to an end. */
static void ask_all(struct dbg_btf *b)
{
	FILE *out = fopen("/dev/null", "w");

	for (uint32_t id = 1; id < NTYPES + 2; id++) {
		const struct type *type, *to;
		struct dbg_proto proto;

		dbg_btf_complete(b, id);
		dbg_btf_print(out, b, id);
		dbg_btf_proto(b, id, &proto);
		type = dbg_btf_type(b, id);
		for (unsigned at = 0; type->origin && at < 64; at++)
			type->origin->access(type, at, 8, &to);
	}
	dbg_btf_offset(b, "task", "at.y", NULL);
	dbg_btf_offset(b, "task", "raw", NULL);
	fclose(out);
}

static uint64_t random_bits(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

START_TEST(types_in_themselves_end)
{
	size_t size = finish(&w);
	char *file = malloc(size);
	uint64_t state = 88172645463325252ull;

	for (unsigned round = 0; round < 2000; round++) {
		struct dbg_btf *b;

		memcpy(file, w.file, size);
		for (unsigned n = 1 + random_bits(&state) % 4; n; n--) {
			uint32_t at = sizeof(struct btf_header) + random_bits(&state) % w.ntypes * 4;
			uint32_t value = random_bits(&state) % 4 ? random_bits(&state) % NTYPES : (uint32_t)random_bits(&state);

			memcpy(file + at, &value, sizeof(value));
		}
		b = dbg_btf_create(file, size, "x", NULL);
		ck_assert_ptr_nonnull(b);
		ask_all(b);
		dbg_btf_destroy(b);
	}
	free(file);
}
END_TEST

/* What the kernel's verifier takes loads from a task for. */
START_TEST(accesses)
{
	static const struct {
		int64_t offset;
		unsigned size;
		enum type_access access;
	} tests[] = {
		{ 0, 8, ACCESS_POINTER }, { 0, 4, ACCESS_NONE }, { 4, 4, ACCESS_NONE },
		{ 8, 8, ACCESS_NUMBER }, { 8, 4, ACCESS_NUMBER }, { 12, 4, ACCESS_NUMBER }, { 12, 8, ACCESS_NONE },
		{ 16, 1, ACCESS_NUMBER }, { 31, 1, ACCESS_NUMBER }, { 31, 2, ACCESS_NONE },
		{ 32, 4, ACCESS_NUMBER }, { 32, 1, ACCESS_NUMBER }, { 33, 1, ACCESS_NONE }, { 36, 4, ACCESS_NONE },
		{ 40, 4, ACCESS_NUMBER }, { 44, 4, ACCESS_NUMBER }, { 40, 8, ACCESS_NONE }, { 44, 8, ACCESS_NONE },
		{ 48, 1, ACCESS_NONE }, { -4, 4, ACCESS_NONE },
	};
	const struct type *task = dbg_btf_complete(btf, TASK), *to = NULL;

	for (unsigned i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		ck_assert_msg(task->origin->access(task, tests[i].offset, tests[i].size, &to) == tests[i].access, "%u bytes at %d",
			      tests[i].size, (int)tests[i].offset);
	ck_assert_ptr_eq(to, task);
}
END_TEST

START_TEST(types_are_printed_as_c)
{
	static const struct {
		uint32_t id;
		const char *text;
	} tests[] = {
		{ TASK, "struct task {\n"
			"    struct task *parent;                                 /* 0 */\n"
			"    union {\n"
			"        long unsigned int raw;                           /* 8 */\n"
			"        struct {\n"
			"            int x;                                       /* 8 */\n"
			"            int y;                                       /* 12 */\n"
			"        };\n"
			"    };\n"
			"    char comm[16];                                       /* 16 */\n"
			"    int low : 3;                                         /* 32:0 */\n"
			"    int high : 29;                                       /* 32:3 */\n"
			"    point_t at;                                          /* 40 */\n"
			"};                                                       /* 48 bytes */\n" },
		{ POINT_T, "typedef struct {\n"
			"    int x;                                               /* 0 */\n"
			"    int y;                                               /* 4 */\n"
			"} point_t;\n" },
		{ STATE, "enum state {\n    IDLE = 0,\n    GONE = -2,\n};\n" },
	};

	for (unsigned i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		char *text = NULL;
		size_t len;
		FILE *out = open_memstream(&text, &len);

		dbg_btf_print(out, btf, tests[i].id);
		fclose(out);
		ck_assert_str_eq(text, tests[i].text);
		free(text);
	}
}
END_TEST

/* What every kernel with BTF has. */
START_TEST(the_running_kernel)
{
	struct dbg_btf *kernel = dbg_btf_kernel();
	const struct type *task, *type;
	unsigned size = 0;
	int64_t v;

	if (!kernel)
		return;
	ck_assert_int_ge(dbg_btf_offset(kernel, "task_struct", "pid", &size), 0);
	ck_assert_uint_eq(size, 4);
	task = dbg_btf_named(BTF_KIND_STRUCT, "task_struct");
	ck_assert_ptr_nonnull(task);
	ck_assert_uint_gt(task->nmembers, 50);
	ck_assert_ptr_eq(dbg_btf_named(BTF_KIND_STRUCT, "task_struct"), task);
	ck_assert_ptr_null(dbg_btf_named(BTF_KIND_STRUCT, "no_such_struct"));
	ck_assert(dbg_btf_enumerator(kernel, "BPF_MAP_TYPE_HASH", &v, &type));
	ck_assert_int_eq(v, 1);
	ck_assert(dbg_btf_helper("map_lookup_elem"));
	ck_assert(!dbg_btf_helper("no_such_helper"));
	ck_assert_uint_ne(dbg_btf_find(kernel, "btf_trace_sched_switch", BTF_KIND_TYPEDEF), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("debuginfo/btf");
	TCase *t = tcase_create("btf");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, names_are_found_by_kind);
	tcase_add_test(t, offsets_go_through_anonymous_members);
	tcase_add_test(t, structs_are_completed_in_place);
	tcase_add_test(t, members_become_the_languages);
	tcase_add_test(t, enumerators_have_their_values);
	tcase_add_test(t, prototypes);
	tcase_add_test(t, modules_see_the_kernels_types);
	tcase_add_test(t, broken_files_are_refused_or_end_early);
	tcase_add_test(t, types_in_themselves_end);
	tcase_add_test(t, accesses);
	tcase_add_test(t, types_are_printed_as_c);
	tcase_add_test(t, the_running_kernel);
	suite_add_tcase(s, t);
	return run_suite(s);
}
