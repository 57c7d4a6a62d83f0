// SPDX-License-Identifier: GPL-2.0-or-later
/* The operands are those of the GNU assembler for x86-64: $5, %rax, -8(%rbp), 16(%rax,%rcx,4), counter+4(%rip). */
#include "provider/usdt_arg.h"

#include "provider/arch.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	struct arena *arena;
	const char *at;
	struct usdt_arg *arg;
};

static bool unknown(struct reader *r, const char *why)
{
	r->arg->kind = USDT_UNKNOWN;
	r->arg->why = why;
	return false;
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$' || c == '@';
}

/* Numbers and a symbol, added and subtracted: "counter+8", "-24", "" (0). */
static bool read_offset(struct reader *r)
{
	while (*r->at && !strchr(" (,)", *r->at)) {
		bool minus = *r->at == '-';
		const char *begin;
		char *end;

		r->at += *r->at == '-' || *r->at == '+';
		begin = r->at;
		if (isdigit((unsigned char)*begin)) {
			uint64_t v = strtoull(begin, &end, 0);

			r->arg->disp = (int64_t)((uint64_t)r->arg->disp + (minus ? -v : v));
			r->at = end;
			continue;
		}
		while (is_name(*r->at))
			r->at++;
		if (r->at == begin || minus || r->arg->symbol)
			return unknown(r, "it is written in a way that is not understood");
		r->arg->symbol = arena_strndup(r->arena, begin, (size_t)(r->at - begin));
	}
	return true;
}

/* %NAME; its size goes to the argument's if that has none. */
static bool read_register(struct reader *r, int *reg, unsigned *shift)
{
	const char *begin = ++r->at;
	unsigned size;

	while (isalnum((unsigned char)*r->at))
		r->at++;
	*reg = arch_register(begin, (unsigned)(r->at - begin), &size, shift);
	if (*reg >= 0)
		return true;
	return unknown(r, strncmp(begin, "xmm", 3) && strncmp(begin, "st", 2) ? "it is in a register that a probe does not see" :
										"it is a floating point number");
}

/* (BASE,INDEX,SCALE) */
static bool read_memory(struct reader *r)
{
	struct usdt_arg *arg = r->arg;
	bool relative = !strncmp(r->at, "(%rip)", 6);
	unsigned shift;

	if (relative) {
		r->at += 6;
		return arg->symbol || unknown(r, "it is at an address that only the assembler knew");
	}
	r->at++;
	if (*r->at == '%' && !read_register(r, &arg->base, &shift))
		return false;
	if (*r->at == ',') {
		r->at++;
		if (*r->at == '%' && !read_register(r, &arg->index, &shift))
			return false;
		arg->scale = 1;
		if (*r->at == ',')
			arg->scale = (unsigned)strtoul(r->at + 1, (char **)&r->at, 10);
	}
	if (*r->at != ')')
		return unknown(r, "it is written in a way that is not understood");
	r->at++;
	return true;
}

static void read_operand(struct reader *r)
{
	struct usdt_arg *arg = r->arg;

	if (*r->at == '$') {
		r->at++;
		arg->kind = USDT_CONSTANT;
		if (read_offset(r) && arg->symbol)
			arg->kind = USDT_ADDRESS;
	} else if (!strncmp(r->at, "%fs:", 4) || !strncmp(r->at, "%gs:", 4)) {
		unknown(r, "it is the thread's own");
	} else if (*r->at == '%') {
		arg->kind = USDT_REGISTER;
		read_register(r, &arg->base, &arg->shift);
	} else {
		arg->kind = USDT_MEMORY;
		if (read_offset(r) && *r->at == '(')
			read_memory(r);
	}
}

/* SIZE@: -4, 8, 8f; without it 64 bits, signed. */
static void read_size(struct reader *r)
{
	const char *at = strchr(r->at, '@'), *blank = strchr(r->at, ' ');
	char *end;
	long size;

	r->arg->size = 8;
	r->arg->is_signed = true;
	if (!at || (blank && blank < at))
		return;
	size = strtol(r->at, &end, 10);
	if (end != at && !(*end == 'f' && end + 1 == at))
		return;
	r->at = at + 1;
	r->arg->is_signed = size < 0;
	r->arg->size = (unsigned)(size < 0 ? -size : size);
	if (*end == 'f')
		unknown(r, "it is a floating point number");
	else if (size != 1 && size != 2 && size != 4 && size != 8 && size != -1 && size != -2 && size != -4 && size != -8) {
		unknown(r, "it is larger than a number");
		r->arg->size = 8;
	}
}

unsigned usdt_args_parse(struct arena *a, const char *text, struct usdt_arg args[USDT_MAX_ARGS])
{
	struct reader r = { .arena = a, .at = text };
	unsigned n = 0;

	for (;;) {
		r.at += strspn(r.at, " ");
		if (!*r.at || n == USDT_MAX_ARGS)
			return n;
		r.arg = &args[n++];
		*r.arg = (struct usdt_arg){ .base = -1, .index = -1 };
		read_size(&r);
		if (r.arg->kind != USDT_UNKNOWN)
			read_operand(&r);
		if (r.arg->kind != USDT_UNKNOWN && *r.at && *r.at != ' ')
			unknown(&r, "it is written in a way that is not understood");
		r.at += strcspn(r.at, " ");
	}
}
