// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What programs of uprobes read: their context is the user program's registers (struct pt_regs). Where the places of a static
 * probe hold an argument differently, the program asks which variant it is in.
 */
#include "provider/ufunc_regs.h"

#include "provider/arch.h"
#include "provider/ufunc.h"

#include <stdlib.h>
#include <string.h>

static struct ir_value *reg(struct ir_builder *b, unsigned place)
{
	return ir_load(b, 8, ir_ctx(b), place);
}

static bool is_32bit(const struct event *e)
{
	const struct ufunc *u = e->targets.data[0]->info;

	return u->elf && dbg_elf_is_32bit(u->elf);
}

/* 32-bit programs have all of them on the stack. */
static struct ir_value *argument(struct ir_builder *b, const struct event *e, unsigned n)
{
	if (is_32bit(e))
		return mech_read_user(b, reg(b, arch.sp), 4 + 4 * n, 4, false);
	if (n < ARCH_FUNC_ARGS)
		return reg(b, arch.func_args[n]);
	return mech_read_user(b, reg(b, arch.sp), arch.func_stack_args + 8 * (n - ARCH_FUNC_ARGS), 8, false);
}

/* A struct in two registers, as the memory that it would be. */
static struct ir_value *from_registers(struct ir_builder *b, const struct dbg_param *p)
{
	struct ir_value *slot = ir_slot(b, 16, 8, "argument");

	for (unsigned i = 0; 8 * i < p->type->size; i++)
		ir_store(b, 8, slot, 8 * i, reg(b, arch.func_args[p->place + i]));
	return slot;
}

/* What is in user memory: the number, or the address of what is none. */
static struct ir_value *from_memory(struct ir_builder *b, struct ir_value *base, int64_t offset, unsigned size, const struct type **type)
{
	struct type *there;

	if (type_is_scalar(*type))
		return mech_read_user(b, base, offset, size, false);
	there = arena_memdup(b->module->arena, *type, sizeof(*there));
	there->user = true;
	*type = there;
	return ir_binary(b, IR_ADD, base, ir_const(b, offset));
}

static struct ir_value *named_argument(struct ir_builder *b, const struct event *e, const char *name, const struct type **type)
{
	const struct dbg_param *p = ufunc_param(e->targets.data[0], name);
	unsigned behind = is_32bit(e) ? 4 : arch.func_stack_args, size;
	struct ir_value *v;

	if (!p || p->kind == DBG_PARAM_NOWHERE)
		return NULL;
	*type = p->type;
	size = type_is_scalar(p->type) ? p->type->size : 0;
	switch (p->kind) {
	case DBG_PARAM_INTEGER:
		if (!size)
			return from_registers(b, p);
		v = reg(b, arch.func_args[p->place]);
		break;
	case DBG_PARAM_REFERENCE:
		v = from_memory(b, reg(b, arch.func_args[p->place]), 0, size, type);
		break;
	case DBG_PARAM_REGISTER:
		v = ir_binary(b, IR_ADD, reg(b, arch_dwarf_register(p->place)), ir_const(b, p->offset));
		break;
	case DBG_PARAM_MEMORY:
		v = from_memory(b, reg(b, arch_dwarf_register(p->place)), p->offset, size, type);
		break;
	case DBG_PARAM_NEAR:
		v = from_memory(b, reg(b, arch.ip), p->offset, size, type);
		break;
	case DBG_PARAM_CONSTANT:
		v = ir_const(b, p->offset);
		break;
	default:
		v = from_memory(b, reg(b, arch.sp), behind + p->place, is_32bit(e) && size < 8 ? 4 : 8, type);
	}
	return size ? mech_extend(b, v, p->type) : v;
}

static struct ir_value *result(struct ir_builder *b, const struct event *e)
{
	const struct type *type = ufunc_result_of_all(e);
	struct ir_value *v = reg(b, arch.retval);

	if (!type && is_32bit(e))
		return ir_extend(b, IR_ZEXT, v, 4);
	return type ? mech_extend(b, v, type) : v;
}

/* static probes */

static struct ir_value *extended(struct ir_builder *b, struct ir_value *v, const struct usdt_arg *arg)
{
	return arg->size < 8 ? ir_extend(b, arg->is_signed ? IR_SEXT : IR_ZEXT, v, arg->size) : v;
}

/* base + index * scale + disp; a symbol is as far from where the program runs as it is in the file. */
static struct ir_value *address_of(struct ir_builder *b, const struct ufunc *u, const struct usdt_arg *arg)
{
	struct ir_value *v = ir_const(b, arg->disp);

	if (arg->symbol)
		v = ir_binary(b, IR_ADD, reg(b, arch.ip), ir_const(b, (int64_t)((uint64_t)arg->disp - u->address)));
	if (arg->base >= 0)
		v = ir_binary(b, IR_ADD, v, reg(b, (unsigned)arg->base));
	if (arg->index >= 0)
		v = ir_binary(b, IR_ADD, v, ir_binary(b, IR_MUL, reg(b, (unsigned)arg->index), ir_const(b, arg->scale)));
	return v;
}

static struct ir_value *static_argument(struct ir_builder *b, const struct ufunc *u, unsigned n)
{
	const struct usdt_arg *arg = &u->args[n];
	struct ir_value *v;

	if (n >= u->nargs)
		return ir_const(b, 0);
	switch (arg->kind) {
	case USDT_CONSTANT:
		return extended(b, ir_const(b, arg->disp), arg);
	case USDT_REGISTER:
		v = reg(b, (unsigned)arg->base);
		return extended(b, arg->shift ? ir_binary(b, IR_LSHR, v, ir_const(b, arg->shift)) : v, arg);
	case USDT_MEMORY:
		return mech_read_user(b, address_of(b, u, arg), 0, arg->size, arg->is_signed);
	case USDT_ADDRESS:
		return extended(b, address_of(b, u, arg), arg);
	default:
		return ir_const(b, 0);
	}
}

/* One target of each variant. */
struct variants {
	const struct ufunc **first;
	unsigned n;
};

/* What the program is told of its target: event->cookies. */
static struct ir_value *cookie(struct ir_builder *b, const struct event *e)
{
	const struct mechanism *m = e->mechanism;

	return m->identifies == IDENTIFIES_COOKIE ? ir_call(b, IR_H_get_attach_cookie, ir_ctx(b)) : ir_patch(b, IR_PATCH_TARGET);
}

static struct variants list_variants(struct arena *a, const struct event *e)
{
	struct variants v = { arena_array(a, const struct ufunc *, e->targets.len), 0 };

	vec_foreach(t, &e->targets) {
		const struct ufunc *u = (*t)->info;

		if (u->variant == v.n)
			v.first[v.n++] = u;
	}
	return v;
}

/* Variants [first, first + n), told apart by halves; each gives its value to the phi. */
static void choose_variant(struct ir_builder *b, const struct variants *v, unsigned first, unsigned n, unsigned arg,
			   struct ir_value *variant, struct ir_value *values[], struct ir_block *from[], struct ir_block *join)
{
	struct ir_block *low, *high;

	if (n == 1) {
		values[first] = static_argument(b, v->first[first], arg);
		from[first] = b->block;
		ir_jmp(b, join);
		return;
	}
	low = ir_block_add(b);
	high = ir_block_add(b);
	ir_br(b, ir_binary(b, IR_ULT, variant, ir_const(b, first + n / 2)), low, high);
	ir_enter(b, low);
	choose_variant(b, v, first, n / 2, arg, variant, values, from, join);
	ir_enter(b, high);
	choose_variant(b, v, first + n / 2, n - n / 2, arg, variant, values, from, join);
}

static struct ir_value *any_static_argument(struct ir_builder *b, const struct event *e, unsigned arg)
{
	struct arena *a = b->module->arena;
	struct variants v = list_variants(a, e);
	struct ir_value **values, *variant, *phi;
	struct ir_block **from, *join;

	if (v.n == 1)
		return static_argument(b, v.first[0], arg);
	values = arena_array(a, struct ir_value *, v.n);
	from = arena_array(a, struct ir_block *, v.n);
	join = ir_block_add(b);
	variant = ir_binary(b, IR_LSHR, cookie(b, e), ir_const(b, UFUNC_VARIANT_SHIFT));
	choose_variant(b, &v, 0, v.n, arg, variant, values, from, join);
	ir_enter(b, join);
	phi = ir_phi(b, IR_I64);
	for (unsigned i = 0; i < v.n; i++)
		ir_phi_add(b, phi, from[i], values[i]);
	return phi;
}

/* How far from the file's own addresses the program runs. */
static struct ir_value *bias(struct ir_builder *b, const struct event *e)
{
	const struct ufunc *u = e->targets.data[0]->info;

	if (dbg_elf_is_fixed(u->elf))
		return ir_const(b, 0);
	return ir_binary(b, IR_SUB, reg(b, arch.ip), ir_const(b, (int64_t)(u->address + u->skip)));
}

/* all of them */

struct ir_value *ufunc_target(struct ir_builder *b, void *event, const struct clause *c)
{
	const struct event *e = event;
	struct ir_value *number;

	if (e->targets.len == 1 || !(e->needs & NEED_TARGET))
		return mech_number(b, e, c, ir_const(b, e->numbers.data[0]));
	number = cookie(b, e);
	if (e->kind == TARGET_USDT)
		number = ir_binary(b, IR_AND, number, ir_const(b, (1 << UFUNC_VARIANT_SHIFT) - 1));
	return mech_number(b, e, c, number);
}

struct ir_value *ufunc_regs_load(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	const struct event *e = event;
	bool is_number = !strncmp(name, "arg", 3) && name[3] >= '0' && name[3] <= '9';

	if (is_arg && e->kind == TARGET_USDT)
		return any_static_argument(b, e, (unsigned)atoi(name + strcspn(name, "0123456789")));
	if (is_arg)
		return named_argument(b, e, name, type);
	if (!strcmp(name, "bias"))
		return bias(b, e);
	if (!strcmp(name, "ctx"))
		return ir_ctx(b);
	if (!strcmp(name, "regs"))
		return mech_ctx_regs(b);
	if (e->kind == TARGET_USDT)
		return is_number ? any_static_argument(b, e, (unsigned)atoi(name + 3)) : NULL;
	if (!strcmp(name, "retval") || ufunc_is_return(e->kind))
		return result(b, e);
	return is_number ? argument(b, e, (unsigned)atoi(name + 3)) : NULL;
}
