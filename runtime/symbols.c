// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/symbols.h"

#include "base/arena.h"
#include "base/vec.h"
#include "debuginfo/ksyms.h"

#include <string.h>

struct symbol {
	uint64_t address;
	const char *name, *module;	/* module NULL: the kernel */
};

static struct {
	bool is_read;
	struct arena arena;
	VEC(struct symbol) list;	/* ascending by address */
	const char *module;		/* of the symbol added last; they come in groups */
} symbols;

/* Absolute symbols are offsets of per-CPU variables. Addresses hidden from this process read as 0. */
static bool add(void *data, const char *module, char type, const char *name, uint64_t address)
{
	(void)data;
	if (!address || type == 'a' || type == 'A')
		return false;
	if (!module)
		symbols.module = NULL;
	else if (!symbols.module || strcmp(symbols.module, module))
		symbols.module = arena_strdup(&symbols.arena, module);
	*vec_add(&symbols.list) = (struct symbol){ address, arena_strdup(&symbols.arena, name), symbols.module };
	return false;
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/* The symbol at or before the address; of several at one address, the first. */
static const struct symbol *find(uint64_t address)
{
	if (!symbols.is_read) {
		dbg_ksym_each(add, NULL);
		if (symbols.list.len)
			qsort(symbols.list.data, symbols.list.len, sizeof(struct symbol), by_address);
		symbols.is_read = true;
	}
	return vec_floor(&symbols.list, address, address);
}

bool kernel_symbol(uint64_t address, struct kernel_symbol *s)
{
	const struct symbol *found = find(address);

	if (found)
		*s = (struct kernel_symbol){ found->name, found->module, address - found->address };
	return found != NULL;
}

void text_kernel_symbol(struct text *t, uint64_t address, enum symbol_form form)
{
	const struct symbol *s = find(address);
	const char *module = s && s->module ? s->module : "vmlinux";

	if (!s) {
		text_printf(t, "0x%llx", (unsigned long long)address);
		return;
	}
	if (form == SYMBOL_MODULE) {
		text_puts(t, module);
		return;
	}
	if (form == SYMBOL_FULL || form == SYMBOL_NAME)
		text_printf(t, "%s`", module);
	text_puts(t, s->name);
	if (form != SYMBOL_FUNCTION && form != SYMBOL_NAME && address != s->address)
		text_printf(t, "+0x%llx", (unsigned long long)(address - s->address));
}
