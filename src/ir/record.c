// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The record of a clause: what its output actions send, in the order of the text (ir/layout.h).
 *
 * The record is built in a slot and sent once, at the clause's end. Each action's item has a bit in `present`, which
 * l->env carries along like a local, so an action in a branch costs nothing where the branch is not taken. Sizes are
 * known at the clause's end only; what depends on them is kept in lists and corrected then.
 */
#include "ir/lowering.h"

enum {
	MAX_ITEMS = 64, MAX_FIXED_STRING = 32, MAX_RECORD = 60000,
	SMALL_RING = 65536,		/* enough where no text is sent; a large ring takes longer to make than all the rest */
};

static void make_ring(struct lower *l)
{
	if (l->result->ring)
		return;
	l->result->ring = ir_map_add(l->result->module, "events");
	l->result->ring->kind = MAP_RINGBUF;
	l->result->ring->entries = l->env_info->ring_size < SMALL_RING ? l->env_info->ring_size : SMALL_RING;
	l->result->ring->drops = l->result->ring->zeros = -1;
}

static struct record_def *record_def(struct lower *l)
{
	struct record_def *def = l->rec.def;

	if (def)
		return def;
	def = arena_new(l->arena, struct record_def);
	def->id = l->result->records.len;
	def->clause = l->clause->number;
	*arena_vec_add(l->arena, &l->result->records) = def;
	l->rec.def = def;
	l->rec.fixed = sizeof(struct record_header);
	make_ring(l);
	return def;
}

struct record_item *record_item(struct lower *l, enum item_kind kind, struct span span)
{
	struct record_def *def = record_def(l);
	struct record_item *item;

	if (def->items.len == MAX_ITEMS) {
		if (!l->rec.is_full) {
			diag_error(l->diag, span, "TOO_LARGE", "a clause has at most %d actions that print or change what is printed",
				   MAX_ITEMS);
			diag_hint(l->diag, "go on in another clause of the same probe");
		}
		l->rec.is_full = true;
		return &def->items.data[MAX_ITEMS - 1];
	}
	item = arena_vec_add(l->arena, &def->items);
	item->kind = kind;
	item->span = span;
	return item;
}

static struct ir_value *memory(struct lower *l)
{
	return lower_slot_address(l, l->rec.slot);
}

/* Room for a field; the gap before it is zeroed, as the whole record goes to user space. */
static unsigned add_field(struct lower *l, struct record_item *item, const struct type *type, enum field_place place,
			  unsigned size, unsigned align)
{
	unsigned at = l->rec.fixed, offset = (at + align - 1) & ~(align - 1);

	for (unsigned gap; at < offset; at += gap) {
		gap = at & 1 ? 1 : at & 2 || offset - at < 4 ? 2 : 4;
		ir_store(&l->b, gap, memory(l), at, ir_const(&l->b, 0));
	}
	*arena_vec_add(l->arena, &item->fields) = (struct record_field){
		.place = place, .offset = offset, .size = size, .type = type,
	};
	l->rec.fixed = offset + (place == FIELD_TAIL ? 4 : size);
	return offset;
}

void record_number(struct lower *l, struct record_item *item, const struct type *type, struct ir_value *v)
{
	unsigned size = type->kind == TYPE_POINTER ? 8 : type->size;
	unsigned offset = add_field(l, item, type, FIELD_FIXED, size, size);

	if (l->b.block)
		ir_store(&l->b, size, memory(l), offset, v);
}

/*
 * How long the strings are so far, bounded for the verifier wherever it is used: what it knew of the sum is lost when that is
 * spilled. `behind` bytes follow in the record's memory, which must hold all that the bound allows.
 */
static struct ir_value *bounded_tail(struct lower *l, unsigned behind)
{
	struct ir_value *tail = l->env[ENV_TAIL];
	unsigned bound = memory_bound(l->rec.tail + 1);

	if (ir_is_const(tail))
		return tail;
	if (l->rec.room < bound + behind)
		l->rec.room = bound + behind;
	return ir_binary(&l->b, IR_AND, tail, ir_const(&l->b, bound - 1));
}

/* A string that is written behind the others. */
struct tail_field {
	unsigned capacity, offset;
	struct ir_value *tail, *to;	/* how much stands there, and where it goes */
};

static struct tail_field tail_begin(struct lower *l, struct record_item *item, const struct type *type)
{
	struct tail_field f = { .capacity = type->size, .tail = bounded_tail(l, type->size) };

	f.offset = add_field(l, item, type, FIELD_TAIL, f.capacity, 4);
	f.to = ir_padd(&l->b, memory(l), f.tail, sizeof(struct record_header));
	*arena_vec_add(l->arena, &l->rec.ends) = f.to;
	return f;
}

/* n bytes were written. */
static void tail_end(struct lower *l, const struct tail_field *f, struct ir_value *n)
{
	struct ir_builder *b = &l->b;

	if (!b->block)
		return;
	ir_store(b, 4, memory(l), f->offset, ir_binary(b, IR_OR, ir_binary(b, IR_SHL, f->tail, ir_const(b, 16)), n));
	l->env[ENV_TAIL] = ir_binary(b, IR_ADD, f->tail, n);
	l->rec.tail += f->capacity;
	l->rec.slot->indexed = true;
}

static void record_tail(struct lower *l, struct record_item *item, const struct expr *e)
{
	struct tail_field f = tail_begin(l, item, e->type);

	tail_end(l, &f, lower_string_into(l, e, f.to, f.capacity));
}

static void record_bytes(struct lower *l, struct record_item *item, const struct expr *e)
{
	struct tail_field f = tail_begin(l, item, e->type);

	tail_end(l, &f, lower_buf_into(l, e, f.to, f.capacity));
}

void record_string_at(struct lower *l, struct record_item *item, const struct type *type, struct ir_value *address, bool user,
		      struct span span)
{
	struct tail_field f = tail_begin(l, item, type);

	tail_end(l, &f, read_string(l, f.to, ir_const(&l->b, f.capacity), address, user, span));
}

void record_key(struct lower *l, struct record_item *item, const struct expr *entry)
{
	const struct map_def *map = ((struct var_plan *)entry->symbol->layout)->def.map;
	struct ir_value *parts[MAX_KEY_PARTS], *to;
	unsigned n = lower_key(l, entry, parts);
	unsigned offset = add_field(l, item, type_buf(l->arena, map->key_size), FIELD_FIXED, map->key_size, 8);

	if (!l->b.block)
		return;
	to = ir_padd(&l->b, memory(l), NULL, offset);
	ir_zero(&l->b, to, map->key_size);
	for (unsigned i = 0; i < n; i++) {
		const struct key_field *f = &map->key.data[i];

		if (f->memory)
			ir_copy(&l->b, ir_padd(&l->b, to, NULL, f->offset), parts[i], f->size);
		else
			ir_store(&l->b, f->size, to, f->offset, parts[i]);
	}
}

static void record_memory(struct lower *l, struct record_item *item, const struct expr *e)
{
	struct value v;
	unsigned offset;

	if (lower_is_place(e) && e->type->kind != TYPE_STRING) {
		offset = add_field(l, item, e->type, FIELD_FIXED, e->type->size, 8);
		if (l->b.block)
			lower_place_into(l, e, ir_padd(&l->b, memory(l), NULL, offset), e->type->size);
		return;
	}
	v = lower_memory(l, e, true);
	offset = add_field(l, item, e->type, FIELD_FIXED, e->type->size, 8);
	if (l->b.block)
		ir_copy(&l->b, ir_padd(&l->b, memory(l), NULL, offset), memory_resize(l, v, e->type->size, true).v,
			e->type->size);
}

static bool is_comm(const struct expr *e)
{
	return e->kind == EXPR_NAME && e->symbol && e->symbol->kind == SYM_BUILTIN &&
	       e->symbol->builtin == BUILTIN_execname;
}

void record_expr(struct lower *l, struct record_item *item, const struct expr *e)
{
	unsigned offset;

	if (type_is_scalar(e->type)) {
		record_number(l, item, e->type, lower_number(l, e));
	} else if (lower_is_open_buf(e)) {
		record_bytes(l, item, e);
	} else if (e->type->kind != TYPE_STRING) {
		record_memory(l, item, e);
	} else if (is_comm(e)) {
		offset = add_field(l, item, e->type, FIELD_FIXED, e->type->size, 8);
		ir_call(&l->b, IR_H_get_current_comm, ir_padd(&l->b, memory(l), NULL, offset),
			ir_const(&l->b, e->type->size));
	} else if (e->type->size <= MAX_FIXED_STRING) {
		record_memory(l, item, e);
	} else {
		record_tail(l, item, e);
	}
}

/* Text for the reader: there may be much of it. What else there is steers the run. */
static bool is_ordinary(enum item_kind kind)
{
	switch (kind) {
	case ITEM_PRINTF: case ITEM_ERRORF: case ITEM_WARNF: case ITEM_PRINT: case ITEM_TRACE: case ITEM_TIME: case ITEM_JOIN: case ITEM_CAT: case ITEM_SYSTEM:
	case ITEM_PROBE:
		return true;
	default:
		return false;
	}
}

void record_done(struct lower *l, struct record_item *item)
{
	unsigned bit = (unsigned)(item - l->rec.def->items.data);

	if (!l->b.block)
		return;
	l->env[ENV_PRESENT] = ir_binary(&l->b, IR_OR, l->env[ENV_PRESENT], ir_const(&l->b, (int64_t)(1ull << bit)));
	if (l->depth)
		l->rec.conditional = true;
	if (is_ordinary(item->kind)) {
		l->rec.ordinary = true;
		l->result->ring->entries = l->env_info->ring_size;
	} else {
		l->rec.control |= 1ull << bit;
	}
	if (l->loop) {
		l->rec.conditional = true;
		record_send(l, true);
	}
}

static struct ir_value *record_size(struct lower *l)
{
	struct ir_value *size = ir_const(&l->b, sizeof(struct record_header)), *tail = bounded_tail(l, 0);

	*arena_vec_add(l->arena, &l->rec.ends) = size;
	return ir_is_const(tail) ? size : ir_binary(&l->b, IR_ADD, tail, size);
}

/*
 * Ordinary records are refused while less than the reserve is free, so that those which end or steer the run always
 * find room. The reader is woken when the ring is a quarter full; else it looks by itself now and then.
 */
static void send(struct lower *l)
{
	const struct lower_env *env = l->env_info;
	struct ir_builder *b = &l->b;
	struct ir_value *ring = ir_map(b, l->result->ring), *used, *error;
	struct join *text = join_create(l), *room = join_create(l), *sure = join_create(l), *full = join_create(l);
	struct join *end = join_create(l);
	unsigned flags;

	flags = env_add(l, ir_const(b, RING_FORCE_WAKEUP));
	if (l->rec.ordinary) {
		if (l->rec.control) {
			struct ir_value *steers = ir_binary(b, IR_AND, l->env[ENV_PRESENT], ir_const(b, (int64_t)l->rec.control));

			join_branch(l, ir_binary(b, IR_NE, steers, ir_const(b, 0)), sure, text);
			join_enter(l, text);
		}
		used = ir_call(b, IR_H_ringbuf_query, ring, ir_const(b, RING_QUERY_AVAIL));
		join_branch(l, ir_binary(b, IR_ULT, used, ir_const(b, env->ring_size - env->ring_reserve)), room, full);
		join_enter(l, room);
		l->env[flags] = ir_binary(b, IR_ADD, ir_binary(b, IR_ULE, ir_const(b, env->ring_size / 4), used), ir_const(b, 1));
		join_jump(l, sure);
		join_enter(l, sure);
	}
	error = ir_call(b, IR_H_ringbuf_output, ring, memory(l), record_size(l), l->env[flags]);
	join_branch(l, ir_binary(b, IR_NE, error, ir_const(b, 0)), full, end);
	full->block->unlikely = true;
	join_enter(l, full);
	lower_ring_full(l);
	join_jump(l, end);
	join_enter(l, end);
}

void record_send(struct lower *l, bool continues)
{
	struct ir_builder *b = &l->b;

	if (!b->block || !l->rec.def)
		return;
	ir_store(b, 4, memory(l), 0, ir_const(b, l->rec.def->id | (continues ? RECORD_CONTINUES : 0)));
	ir_store(b, 4, memory(l), 4, lower_target(l));
	ir_store(b, 8, memory(l), 8, l->env[ENV_PRESENT]);
	if (l->env_info->json || continues || l->loop || l->rec.looped)
		ir_store(b, 2, memory(l), 2, ir_call(b, IR_H_get_smp_processor_id));
	send(l);
	l->env[ENV_PRESENT] = ir_const(b, 0);
	l->env[ENV_TAIL] = ir_const(b, 0);
	if (continues)
		l->rec.looped = true;
}

/* Its layout: the header, the kind, the place in the sources, the value. */
static const struct record_def *fault_def(struct lower *l)
{
	static const unsigned sizes[] = { 4, 4, 8 };
	struct record_def *def = arena_new(l->arena, struct record_def);
	struct record_item *item = arena_vec_add(l->arena, &def->items);
	unsigned at = sizeof(struct record_header);

	*item = (struct record_item){ .kind = ITEM_FAULT, .span = l->clause->span };
	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); at += sizes[i++])
		*arena_vec_add(l->arena, &item->fields) = (struct record_field){
			.place = FIELD_FIXED, .offset = at, .size = sizes[i], .type = sizes[i] == 4 ? &type_u32 : &type_u64,
		};
	def->id = l->result->records.len;
	def->clause = l->clause->number;
	def->fixed_size = def->max_size = at;
	*arena_vec_add(l->arena, &l->result->records) = def;
	return def;
}

void record_fault(struct lower *l)
{
	struct ir_builder *b = &l->b;
	const struct record_def *def = fault_def(l);
	struct ir_value *slot = ir_slot(b, def->max_size, 8, "fault");

	make_ring(l);
	ir_store(b, 4, slot, 0, ir_const(b, def->id));
	ir_store(b, 2, slot, 2, ir_call(b, IR_H_get_smp_processor_id));
	ir_store(b, 4, slot, 4, lower_target(l));
	ir_store(b, 8, slot, 8, ir_const(b, 1));
	ir_store(b, 4, slot, sizeof(struct record_header), l->env[ENV_FAULT_KIND]);
	ir_store(b, 4, slot, sizeof(struct record_header) + 4, l->env[ENV_FAULT_PLACE]);
	ir_store(b, 8, slot, sizeof(struct record_header) + 8, l->env[ENV_FAULT_VALUE]);
	ir_call(b, IR_H_ringbuf_output, ir_map(b, l->result->ring), slot, ir_const(b, def->max_size),
		ir_const(b, RING_FORCE_WAKEUP));
}

void record_begin(struct lower *l)
{
	struct ir_value *slot = ir_slot(&l->b, 8, 8, "record");

	l->rec = (struct record_builder){ .slot = slot->slot };
	ir_zero(&l->b, slot, 8);
	l->rec.zero = l->b.block->last;
}

void record_finish(struct lower *l, bool straight)
{
	struct record_def *def = l->rec.def;
	struct ir_slot *slot = l->rec.slot;

	if (!def) {
		ir_unlink(l->rec.zero);
		return;
	}
	def->fixed_size = l->rec.fixed;
	def->max_size = l->rec.fixed + l->rec.tail;
	slot->size = l->rec.fixed + (l->rec.room > l->rec.tail ? l->rec.room : l->rec.tail);
	slot->size = (slot->size + 7) & ~7u;
	vec_foreach(v, &l->rec.ends)
		(*v)->imm += def->fixed_size - sizeof(struct record_header);
	if (straight && !l->rec.conditional)
		ir_unlink(l->rec.zero);
	else
		l->rec.zero->imm = def->fixed_size;
	if (def->max_size > MAX_RECORD)
		diag_error(l->diag, l->clause->span, "RECORD_SIZE",
			   "this clause prints up to %u bytes a firing; a record holds at most %u", def->max_size, MAX_RECORD);
}
