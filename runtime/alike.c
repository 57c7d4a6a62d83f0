// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/alike.h"

#include "runtime/run.h"
#include "runtime/stacks.h"
#include "runtime/symbols.h"
#include "runtime/vars.h"

#include <string.h>

/* Of an address within a function, the function's. */
static uint64_t function_of(uint64_t address)
{
	struct kernel_symbol symbol;

	return kernel_symbol(address, &symbol) ? address - symbol.offset : address;
}

/* Of all that show as one text, the number that was seen first. */
static uint64_t first_of_text(struct rt *rt, const struct value *v, uint64_t number)
{
	struct text text = { 0 };
	uint64_t *first;

	text_printf(&text, "%d %s ", v->type->show, v->type->format ? v->type->format : "");
	value_text(&text, rt->image, v);
	text_putc(&text, 0);
	first = strmap_get(&rt->alike, text.data);
	if (!first) {
		first = arena_memdup(rt->image->arena, &number, sizeof(number));
		strmap_put(&rt->alike, arena_strdup(rt->image->arena, text.data), first);
	}
	text_deinit(&text);
	return *first;
}

static uint64_t merged(struct rt *rt, const struct value *v, uint64_t number)
{
	if (v->type->kind == TYPE_STACK)
		return stack_canonical(v->type, number);
	return v->type->show == SHOW_KFUNC ? function_of(number) : first_of_text(rt, v, number);
}

void key_merge(struct rt *rt, const struct var_def *def, char *key)
{
	struct value parts[MAX_KEY_PARTS];
	unsigned n = key_values(def, key, parts);

	for (unsigned i = 0; i < n; i++) {
		uint64_t number;

		if (!type_shows_alike(parts[i].type))
			continue;
		memcpy(&number, parts[i].bytes, sizeof(number));
		number = merged(rt, &parts[i], number);
		memcpy(key + ((const char *)parts[i].bytes - key), &number, sizeof(number));
	}
}

void alike_deinit(struct rt *rt)
{
	strmap_deinit(&rt->alike);
}
