// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/ctype.h"

#include "base/arena.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Names of types in system calls and tracepoints beyond those that the language knows by itself. */
static const struct type *kernel_name(const char *name)
{
	static const struct {
		const char *name;
		const struct type *type;
	} names[] = {
		{ "umode_t", &type_u16 }, { "qid_t", &type_u32 }, { "mqd_t", &type_s32 }, { "clockid_t", &type_s32 },
		{ "timer_t", &type_s32 }, { "aio_context_t", &type_u64 }, { "rwf_t", &type_s32 },
		{ "key_serial_t", &type_s32 }, { "dev_t", &type_u32 }, { "sector_t", &type_u64 }, { "gfp_t", &type_u32 },
		{ "__kernel_old_time_t", &type_s64 }, { "time64_t", &type_s64 }, { "ktime_t", &type_s64 },
		{ "ino_t", &type_u64 }, { "blkcnt_t", &type_u64 }, { "phys_addr_t", &type_u64 },
		{ "dma_addr_t", &type_u64 }, { "resource_size_t", &type_u64 }, { "pgoff_t", &type_u64 },
		{ "__le16", &type_u16 }, { "__le32", &type_u32 }, { "__le64", &type_u64 }, { "__be16", &type_u16 },
		{ "__be32", &type_u32 }, { "__be64", &type_u64 }, { "blk_status_t", &type_u8 },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].name, name))
			return names[i].type;
	return NULL;
}

static const struct type *tagged(struct arena *a, enum type_kind kind, const char *name)
{
	struct type *t = arena_new(a, struct type);

	t->kind = kind;
	t->name = name;
	if (kind == TYPE_ENUM)
		t->size = 4;
	return t;
}

/* The type of the words before the name. */
static const struct type *base_type(struct arena *a, const char *words, size_t len, bool user)
{
	static const struct {
		const char *word;
		enum type_kind kind;
	} tags[] = { { "struct ", TYPE_STRUCT }, { "union ", TYPE_UNION }, { "enum ", TYPE_ENUM } };
	char *text;
	const struct type *type;

	while (len && isspace((unsigned char)words[len - 1]))
		len--;
	while (len > 6 && !strncmp(words, "const ", 6)) {
		words += 6;
		len -= 6;
	}
	text = arena_strndup(a, words, len);
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (!strncmp(text, tags[i].word, strlen(tags[i].word)))
			return tagged(a, tags[i].kind, text + strlen(tags[i].word));
	if (!strcmp(text, "cap_user_header_t") || !strcmp(text, "cap_user_data_t"))
		return type_pointer(a, &type_void, user);
	type = kernel_name(text);
	return type ? type : type_by_name(text);
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

bool ctype_parse(struct arena *a, const char *text, size_t len, bool user, struct ctype *out)
{
	const char *end = text + len, *name, *stars, *dim;
	unsigned pointers = 0, count = 0;
	const struct type *type;

	while (text < end && isspace((unsigned char)*text))
		text++;
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	dim = memchr(text, '[', (size_t)(end - text));
	if (dim) {
		count = (unsigned)strtoul(dim + 1, NULL, 0);
		end = dim;
	}
	for (name = end; name > text && is_name(name[-1]); name--)
		;
	if (name == end || name == text)
		return false;
	out->name = arena_strndup(a, name, (size_t)(end - name));
	stars = memchr(text, '*', (size_t)(name - text));
	for (const char *p = stars; p && p < name; p++)
		pointers += *p == '*';
	type = base_type(a, text, (size_t)((stars ? stars : name) - text), user);
	if (!type && pointers)
		type = &type_void;
	for (; pointers; pointers--)
		type = type_pointer(a, type, user);
	if (dim && type)
		type = type_array(a, type, count);
	out->type = type;
	return true;
}
