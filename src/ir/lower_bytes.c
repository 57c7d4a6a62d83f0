// SPDX-License-Identifier: GPL-2.0-or-later
/* Values of bytes: buf, and network addresses that are more than a number. */
#include "ir/lowering.h"

#include <arpa/inet.h>

#include <sys/socket.h>

/* What an argument of the kind `mem` stands for: an address to read from, or memory of ours. */
struct origin {
	struct ir_value *address;	/* NULL: */
	struct value memory;
	bool user;
	struct span span;
};

static struct origin lower_source(struct lower *l, const struct expr *e)
{
	struct origin s = { .span = e->span };

	if (type_is_scalar(e->type)) {
		s.address = lower_number(l, e);
		s.user = e->user || (e->type->kind == TYPE_POINTER ? e->type->user : true);
	} else {
		s.memory = lower_memory(l, e, e->type->kind == TYPE_STRING);
	}
	return s;
}

/* The first size bytes; what cannot be read is 0, and counted. */
static void read_bytes(struct lower *l, struct ir_value *to, unsigned size, const struct origin *from)
{
	struct join *fault, *end;
	struct ir_value *error;

	if (!l->b.block)
		return;
	if (!from->address) {
		ir_copy(&l->b, to, from->memory.v, from->memory.type->size < size ? from->memory.type->size : size);
		return;
	}
	fault = join_create(l);
	end = join_create(l);
	fault->block->unlikely = true;
	error = ir_call(&l->b, from->user ? IR_H_probe_read_user : IR_H_probe_read_kernel, to, ir_const(&l->b, size),
			from->address);
	join_branch(l, ir_binary(&l->b, IR_NE, error, ir_const(&l->b, 0)), fault, end);
	join_enter(l, fault);
	lower_read_failed(l, LOSS_READ_FAILED, from->address->type == IR_I64 ? from->address : NULL, from->span, end);
	join_enter(l, end);
}

static struct value bytes_slot(struct lower *l, const struct expr *e)
{
	unsigned size = (e->type->size + 7) & ~7u;
	struct ir_value *slot = ir_slot(&l->b, size, 8, e->name);

	ir_zero(&l->b, slot, size);
	return (struct value){ .kind = VALUE_MEMORY, .type = e->type, .v = slot, .padded = true, .on_stack = true };
}

bool lower_is_open_buf(const struct expr *e)
{
	return e->kind == EXPR_CALL && e->symbol && e->symbol->builtin == BUILTIN_buf && e->args.len > 1 &&
	       !e->args.data[1]->is_const;
}

struct ir_value *lower_buf_into(struct lower *l, const struct expr *e, struct ir_value *to, unsigned capacity)
{
	struct ir_builder *b = &l->b;
	struct origin from = lower_source(l, e->args.data[0]);
	struct ir_value *n = lower_number(l, e->args.data[1]), *error, *most;
	struct join *fault = join_create(l), *end = join_create(l);
	unsigned result;

	if (!from.address && from.memory.type->size < capacity)
		capacity = from.memory.type->size;
	most = ir_const(b, capacity);
	n = lower_number_choice(l, ir_binary(b, IR_SLT, n, ir_const(b, 0)), ir_const(b, 0), n);
	n = lower_number_choice(l, ir_binary(b, IR_ULT, n, most), n, most);
	if (!b->block)
		return n;
	if (!from.address)
		from.address = lower_address(l, from.memory.v);
	error = ir_call(b, from.user ? IR_H_probe_read_user : IR_H_probe_read_kernel, to, n, from.address);
	result = env_add(l, n);
	fault->block->unlikely = true;
	join_branch(l, ir_binary(b, IR_NE, error, ir_const(b, 0)), fault, end);
	join_enter(l, fault);
	lower_loss(l, LOSS_READ_FAILED, NULL, from.span);
	l->env[result] = ir_const(b, 0);
	join_jump(l, lower_after_fault(l, end));
	join_enter(l, end);
	return env_take(l, result);
}

static struct value lower_buf(struct lower *l, const struct expr *e)
{
	struct origin from = lower_source(l, e->args.data[0]);
	struct value to = bytes_slot(l, e);

	if (lower_is_open_buf(e))
		diag_error(l->diag, e->args.data[1]->span, "CONST", "a buffer whose length is no constant can only be printed");
	read_bytes(l, to.v, e->type->size, &from);
	return to;
}

/* --- addresses: a byte for the family, then 4 or 16 bytes --- */

enum { ADDRESS = 1, IPV4_SIZE = 4, IPV6_SIZE = 16 };

/* The family if it is not given: what has 16 bytes is IPv6. */
static int64_t family_of(const struct expr *e, const struct expr *address)
{
	const struct type *t = address->type;
	unsigned size = t->kind == TYPE_POINTER ? t->target ? t->target->size : 0 : t->size;

	if (e->symbol->builtin == BUILTIN_inet_ntoa6)
		return AF_INET6;
	return e->symbol->builtin != BUILTIN_inet_ntoa && size == IPV6_SIZE ? AF_INET6 : AF_INET;
}

static void read_address(struct lower *l, struct ir_value *to, unsigned size, const struct expr *address, bool by_value)
{
	struct origin from;

	if (by_value) {
		ir_store(&l->b, IPV4_SIZE, to, ADDRESS, lower_number(l, address));
		return;
	}
	from = lower_source(l, address);
	read_bytes(l, ir_padd(&l->b, to, NULL, ADDRESS), size, &from);
}

static struct value lower_inet(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	const struct expr *address = e->args.data[e->args.len - 1];
	struct join *ipv4 = join_create(l), *ipv6 = join_create(l), *end = join_create(l);
	bool by_value = e->symbol->builtin == BUILTIN_ntop && type_is_int(address->type);
	struct ir_value *family;
	struct value v;

	if (type_is_int(e->type))
		return value_number(e->type, lower_number(l, address));
	family = e->args.len > 1 ? lower_number(l, e->args.data[0]) : ir_const(b, family_of(e, address));
	v = bytes_slot(l, e);
	if (!b->block)
		return v;
	ir_store(b, 1, v.v, 0, family);
	join_branch(l, ir_binary(b, IR_EQ, family, ir_const(b, AF_INET6)), ipv6, ipv4);
	join_enter(l, ipv4);
	if (b->block)
		read_address(l, v.v, IPV4_SIZE, address, by_value);
	join_jump(l, end);
	join_enter(l, ipv6);
	if (b->block)
		read_address(l, v.v, IPV6_SIZE, address, by_value);
	join_jump(l, end);
	join_enter(l, end);
	return v;
}

/* is_address(a, "127.0.0.1"), is_address(a, b): byte for byte, the family first; on the stack there is nothing else that is aligned. */
static struct value lower_is_address(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	struct value a = lower_memory(l, e->args.data[0], true);
	const struct expr *other = e->args.data[1];
	unsigned char bytes[ADDRESS + IPV6_SIZE] = { AF_INET };
	struct ir_value *differs = ir_const(b, 0);
	unsigned n = ADDRESS + IPV4_SIZE;
	struct value with = { 0 };

	if (other->type->kind != TYPE_STRING) {
		with = lower_memory(l, other, true);
		n = ADDRESS + IPV6_SIZE;
	} else if (inet_pton(AF_INET, other->text, bytes + ADDRESS) != 1) {
		bytes[0] = AF_INET6;
		inet_pton(AF_INET6, other->text, bytes + ADDRESS);
		n = ADDRESS + IPV6_SIZE;
	}
	for (unsigned i = 0; i < n && b->block; i++)
		differs = ir_binary(b, IR_OR, differs, ir_binary(b, IR_XOR, ir_load(b, 1, a.v, i),
					 with.v ? ir_load(b, 1, with.v, i) : ir_const(b, bytes[i])));
	return value_number(e->type, ir_binary(b, IR_EQ, differs, ir_const(b, 0)));
}

struct value lower_bytes_function(struct lower *l, const struct expr *e)
{
	switch (e->symbol ? e->symbol->builtin : BUILTIN_COUNT) {
	case BUILTIN_buf:
	case BUILTIN_macaddr:
		return lower_buf(l, e);
	case BUILTIN_ntop:
	case BUILTIN_inet_ntop:
	case BUILTIN_inet_ntoa:
	case BUILTIN_inet_ntoa6:
		return lower_inet(l, e);
	case BUILTIN_is_address:
		return lower_is_address(l, e);
	default:
		return (struct value){ .kind = VALUE_NONE };
	}
}
