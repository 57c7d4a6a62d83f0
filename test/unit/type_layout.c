// SPDX-License-Identifier: GPL-2.0-or-later
/* The layout of declared structs is the C compiler's: the same text is compiled and checked. */
#include "check_world.h"

#include <stddef.h>

#define BOTH(...) __VA_ARGS__ static const char declarations[] = #__VA_ARGS__;

BOTH(
struct plain {
	char c;
	int i;
	char name[3];
	short s;
	long l;
	char last;
};
struct bits {
	int a:3;
	int b:30;
	char c:5;
	char d:4;
	int :0;
	long e:40;
	long f:24;
	short g:9;
	char after;
};
struct unsigned_bits {
	unsigned char a:1;
	unsigned short b:9;
	unsigned int c:17;
	unsigned long d:33;
	unsigned char e:8;
	char end;
};
struct unnamed_bits {
	char a;
	int :5;
	char b;
	long :0;
	char c;
};
union either {
	char c;
	int i;
	char text[7];
};
struct nested {
	char before;
	union {
		int number;
		char *text;
	};
	struct {
		short x, y;
	} pair[3];
	union either either;
	struct nested *next, *list[2];
	int matrix[2][3];
	char end;
};
struct one { char c; };
struct inside { struct one one; struct plain plain; struct one last; };
enum small { SMALL };
enum negative { NEGATIVE = -1 };
enum large { LARGE = 0x100000000 };
)

struct place {
	const char *expression;
	size_t value;
};

static const struct place places[] = {
#define SIZE(type) { "sizeof(" #type ")", sizeof(type) }
#define PLACE(type, member) { "offsetof(" #type ", " #member ")", offsetof(type, member) }
	SIZE(struct plain), PLACE(struct plain, i), PLACE(struct plain, name), PLACE(struct plain, s), PLACE(struct plain, l),
	PLACE(struct plain, last),
	SIZE(struct bits), PLACE(struct bits, after),
	SIZE(struct unsigned_bits), PLACE(struct unsigned_bits, end),
	SIZE(struct unnamed_bits), PLACE(struct unnamed_bits, b), PLACE(struct unnamed_bits, c),
	SIZE(union either), PLACE(union either, text),
	SIZE(struct nested), PLACE(struct nested, text), PLACE(struct nested, pair), PLACE(struct nested, either),
	PLACE(struct nested, either.text), PLACE(struct nested, next), PLACE(struct nested, list),
	PLACE(struct nested, matrix), PLACE(struct nested, end),
	SIZE(struct one), SIZE(struct inside), PLACE(struct inside, plain), PLACE(struct inside, plain.l),
	PLACE(struct inside, last),
	SIZE(enum small), SIZE(enum negative), SIZE(enum large),
	SIZE(char), SIZE(unsigned long int), SIZE(short unsigned), SIZE(long long), SIZE(void *), SIZE(int[3][5]), SIZE(signed),
};

START_TEST(sizes_and_offsets)
{
	const struct place *p = &places[_i];
	char text[sizeof(declarations) + 100];

	snprintf(text, sizeof(text), "%s BEGIN { x = %s; }", declarations, p->expression);
	ck_assert_str_eq(check(text), "");
	ck_assert_msg(statement(0)->right->value == p->value, "%s is %zu, not %zu", p->expression, p->value,
		      (size_t)statement(0)->right->value);
}
END_TEST

/* Each bit field, all its bits set by the compiler, is found by its offset and width. */
static void ck_bits(const void *object, size_t size, const char *access)
{
	char text[sizeof(declarations) + 100];
	const struct type_member *m;
	uint8_t found[sizeof(struct bits) + sizeof(struct unsigned_bits)] = { 0 };

	snprintf(text, sizeof(text), "%s BEGIN { x = %s; }", declarations, access);
	ck_assert_str_eq(check(text), "");
	m = statement(0)->right->member;
	for (unsigned bit = 8 * m->offset + m->bit_offset; bit < 8 * m->offset + m->bit_offset + m->bit_size; bit++)
		found[bit / 8] |= (uint8_t)(1 << bit % 8);
	ck_assert_msg(!memcmp(found, object, size), "%s: byte %u, bit %u, %u bits", access, m->offset, m->bit_offset,
		      m->bit_size);
	world_teardown();
	world_setup();
}

START_TEST(bit_fields)
{
#define BITS(type, member) do { \
		struct type s; \
		memset(&s, 0, sizeof(s)); \
		s.member = ~s.member; \
		ck_bits(&s, sizeof(s), "((struct " #type " *)0)->" #member); \
	} while (0)
	BITS(bits, a);
	BITS(bits, b);
	BITS(bits, c);
	BITS(bits, d);
	BITS(bits, e);
	BITS(bits, f);
	BITS(bits, g);
	BITS(unsigned_bits, a);
	BITS(unsigned_bits, b);
	BITS(unsigned_bits, c);
	BITS(unsigned_bits, d);
	BITS(unsigned_bits, e);
}
END_TEST

START_TEST(tuples)
{
	const struct type *parts[] = { &type_u8, &type_u32, type_string_of(&world.arena, 3), &type_u64 };
	const struct type *t = type_tuple(&world.arena, parts, 4);

	ck_assert_uint_eq(type_tuple_offset(t, 0), 0);
	ck_assert_uint_eq(type_tuple_offset(t, 1), 4);
	ck_assert_uint_eq(type_tuple_offset(t, 2), 8);
	ck_assert_uint_eq(type_tuple_offset(t, 3), 16);
	ck_assert_uint_eq(t->size, 24);
}
END_TEST

START_TEST(names_of_types)
{
	ck_assert_ptr_eq(type_by_name("unsigned long long int"), &type_u64);
	ck_assert_ptr_eq(type_by_name("long int unsigned"), &type_u64);
	ck_assert_ptr_eq(type_by_name("const unsigned char"), &type_u8);
	ck_assert_ptr_eq(type_by_name("const u8"), &type_u8);
	ck_assert_ptr_eq(type_by_name("short"), &type_s16);
	ck_assert_ptr_eq(type_by_name("char"), &type_char);
	ck_assert_ptr_eq(type_by_name("uint16_t"), &type_u16);
	ck_assert_ptr_eq(type_by_name("hrtime_t"), &type_s64);
	ck_assert_ptr_eq(type_by_name("long long long"), NULL);
	ck_assert_ptr_eq(type_by_name("signed unsigned"), NULL);
	ck_assert_ptr_eq(type_by_name("long char"), NULL);
	ck_assert_ptr_eq(type_by_name("nosuch"), NULL);
}
END_TEST

START_TEST(texts_of_types)
{
	struct arena *a = &world.arena;

	ck_assert_str_eq(type_text(a, type_pointer(a, type_pointer(a, &type_char, false), false)), "char **");
	ck_assert_str_eq(type_text(a, type_array(a, type_array(a, &type_u8, 3), 2)), "u8[2][3]");
	ck_assert_str_eq(type_text(a, type_shown("errno")), "errno");
	ck_assert_str_eq(type_text(a, type_agg(a, AGG_STDDEV, &type_s64)), "stddev()");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("type_layout");
	TCase *t = tcase_create("layout");

	tcase_add_loop_test(t, sizes_and_offsets, 0, sizeof(places) / sizeof(places[0]));
	tcase_add_test(t, bit_fields);
	tcase_add_test(t, tuples);
	tcase_add_test(t, names_of_types);
	tcase_add_test(t, texts_of_types);
	return world_run(suite, t);
}
