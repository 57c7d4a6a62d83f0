// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The variables that are known at an address within a function, and where they are there: parameters and locals, innermost block first,
 * those of functions that were inlined around it too. A place that is a register, or memory at a fixed distance from one, is
 * understood; what takes computing is not.
 */
#include "debuginfo/dwarf_file.h"

#include "debuginfo/cfi.h"
#include "debuginfo/elf_file.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_VARIABLES = 256, GENERAL = 16 };

struct scope_walk {
	struct dbg_elf *elf;
	uint64_t pc;
	Dwarf_Die *function;		/* whose frame it is */
	struct dbg_param *list;
	unsigned n;
};

static void nowhere(struct dbg_param *p, const char *why)
{
	p->kind = DBG_PARAM_NOWHERE;
	p->why = why;
}

static void at(struct dbg_param *p, unsigned kind, unsigned reg, int64_t offset)
{
	p->kind = kind;
	p->place = reg;
	p->offset = offset;
}

/* The register that an operation adds its operand to. */
static bool is_based(const Dwarf_Op *op, unsigned *reg, int64_t *offset)
{
	bool is_breg = op->atom >= DW_OP_breg0 && op->atom < DW_OP_breg0 + GENERAL;

	if (!is_breg && (op->atom != DW_OP_bregx || op->number >= GENERAL))
		return false;
	*reg = is_breg ? op->atom - (unsigned)DW_OP_breg0 : (unsigned)op->number;
	*offset = (int64_t)(is_breg ? op->number : op->number2);
	return true;
}

static bool is_register(const Dwarf_Op *op, unsigned *reg)
{
	if (op->atom >= DW_OP_reg0 && op->atom < DW_OP_reg0 + GENERAL)
		*reg = op->atom - DW_OP_reg0;
	else if (op->atom == DW_OP_regx && op->number < GENERAL)
		*reg = (unsigned)op->number;
	else
		return false;
	return true;
}

static bool is_constant(const Dwarf_Op *op, int64_t *value)
{
	bool is_literal = op->atom >= DW_OP_lit0 && op->atom <= DW_OP_lit31;

	*value = is_literal ? op->atom - DW_OP_lit0 : (int64_t)op->number;
	return is_literal || (op->atom >= DW_OP_const1u && op->atom <= DW_OP_consts);
}

static bool find_cfa(const struct scope_walk *w, unsigned *reg, int64_t *offset)
{
	struct dbg_cfi *cfi = dbg_cfi_open(w->elf);
	bool found = cfi && dbg_cfi_cfa(cfi, w->pc, reg, offset);

	dbg_cfi_close(cfi);
	return found && *reg < GENERAL;
}

/* What the function's places in its frame count from. */
static bool frame_base(const struct scope_walk *w, unsigned *reg, int64_t *offset)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t n;

	*offset = 0;
	if (!dwarf_attr_integrate(w->function, DW_AT_frame_base, &attr) || dwarf_getlocation_addr(&attr, w->pc, &ops, &n, 1) != 1 ||
	    n != 1)
		return false;
	if (ops[0].atom == DW_OP_call_frame_cfa)
		return find_cfa(w, reg, offset);
	return is_register(ops, reg) || is_based(ops, reg, offset);
}

/* A variable that is always at the same address of the file. */
static bool is_fixed(Dwarf_Attribute *location, const Dwarf_Op *op, uint64_t *address)
{
	Dwarf_Attribute attr;

	*address = op->number;
	return op->atom == DW_OP_addr || (op->atom == DW_OP_addrx && !dwarf_getlocation_attr(location, op, &attr) &&
					  !dwarf_formaddr(&attr, address));
}

static void place_by_ops(const struct scope_walk *w, Dwarf_Attribute *location, const Dwarf_Op *ops, size_t n, struct dbg_param *p)
{
	bool is_value = n == 2 && ops[1].atom == DW_OP_stack_value;
	int64_t offset = 0;
	uint64_t address;
	unsigned reg = 0;

	if (!n)
		return nowhere(p, "it is not kept at this place");
	if (n == 1 && is_register(ops, &reg))
		return at(p, DBG_PARAM_REGISTER, reg, 0);
	if (is_value && is_constant(ops, &offset))
		return at(p, DBG_PARAM_CONSTANT, 0, offset);
	if (n == 1 && is_fixed(location, ops, &address))
		return at(p, DBG_PARAM_NEAR, 0, (int64_t)(address - w->pc));
	if (n > 1 && !is_value)
		return nowhere(p, "its place has to be computed");
	if (ops[0].atom == DW_OP_fbreg) {
		if (!frame_base(w, &reg, &offset))
			return nowhere(p, "where the function's frame is has to be computed");
		offset += (int64_t)ops[0].number;
	} else if (!is_based(ops, &reg, &offset)) {
		return nowhere(p, "its place has to be computed");
	}
	at(p, is_value ? DBG_PARAM_REGISTER : DBG_PARAM_MEMORY, reg, offset);
}

static void find_place(const struct scope_walk *w, Dwarf_Die *die, struct dbg_param *p)
{
	Dwarf_Attribute attr;
	Dwarf_Sword value;
	Dwarf_Op *ops;
	size_t n;

	if (dwarf_attr_integrate(die, DW_AT_const_value, &attr) && !dwarf_formsdata(&attr, &value))
		at(p, DBG_PARAM_CONSTANT, 0, value);
	else if (dbg_elf_is_32bit(w->elf))
		nowhere(p, "places within 32-bit functions are not understood");
	else if (!dwarf_attr_integrate(die, DW_AT_location, &attr))
		nowhere(p, "the compiler has not kept it");
	else if (dwarf_getlocation_addr(&attr, w->pc, &ops, &n, 1) != 1)
		nowhere(p, "it is not kept at this place");
	else
		place_by_ops(w, &attr, ops, n, p);
	if (!type_is_scalar(p->type) && p->kind != DBG_PARAM_MEMORY && p->kind != DBG_PARAM_NEAR && p->kind != DBG_PARAM_NOWHERE)
		nowhere(p, "it is no number, and not in memory");
}

static bool is_known(const struct scope_walk *w, const char *name)
{
	for (unsigned i = 0; i < w->n; i++)
		if (!strcmp(w->list[i].name, name))
			return true;
	return false;
}

static void add_variables(struct scope_walk *w, Dwarf_Die *scope)
{
	Dwarf_Die child;

	for (int more = dwarf_child(scope, &child); !more && w->n < MAX_VARIABLES; more = dwarf_siblingof(&child, &child)) {
		int tag = dwarf_tag(&child);
		const char *name = dwarf_diename(&child);
		struct dbg_param *p = &w->list[w->n];

		if ((tag != DW_TAG_formal_parameter && tag != DW_TAG_variable) || !name || is_known(w, name))
			continue;
		*p = (struct dbg_param){ .name = name, .type = dbg_dwarf_type_of(w->elf, &child) };
		find_place(w, &child, p);
		w->n++;
	}
}

const struct dbg_function *dbg_dwarf_variables(struct dbg_elf *e, uint64_t pc)
{
	struct scope_walk w = { .elf = e, .pc = pc };
	Dwarf_Die unit, *scopes = NULL, *around = NULL;
	struct dbg_function *f = NULL;
	int n = 0, last;

	if (!dbg_dwarf_unit_at(e, pc, &unit))
		return NULL;
	if (dwarf_getscopes(&unit, pc, &scopes) > 0)
		n = dwarf_getscopes_die(&scopes[0], &around);
	for (last = 0; last < n && dwarf_tag(&around[last]) != DW_TAG_subprogram; last++)
		;
	if (last < n) {
		w.function = &around[last];
		w.list = arena_array(&e->arena, struct dbg_param, MAX_VARIABLES);
		for (int i = 0; i <= last; i++)
			add_variables(&w, &around[i]);
		f = arena_new(&e->arena, struct dbg_function);
		*f = (struct dbg_function){ .name = dwarf_diename(w.function), .params = w.list, .nparams = w.n, .result = &type_void };
	}
	free(scopes);
	free(around);
	return f;
}
