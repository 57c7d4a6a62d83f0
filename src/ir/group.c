// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A program may name 64 maps (MAX_USED_MAPS). Where a script has more, maps of the same shape become inner maps of one that is
 * named in their place; a lookup there, which the kernel does in the program, comes before each lookup in them.
 */
#include "ir/lowering.h"

/* The rest is for the maps that are not the script's: data, cells, scratch, events, storage of tasks, stacks. */
enum { NAMED_MAX = 64, SCRIPT_MAX = 52 };

static bool is_hash(const struct map_def *map)
{
	return map->kind == MAP_HASH || map->kind == MAP_PERCPU_HASH;
}

/* What inner maps of one map must have in common; what it is allocated by goes with the sizes. */
static bool same_shape(const struct map_def *a, const struct map_def *b)
{
	return a->kind == b->kind && a->key_size == b->key_size && a->value_size == b->value_size && a->entries == b->entries &&
	       a->ready == b->ready;
}

static void join_group(struct lower *l, struct map_def *map, struct map_def *first)
{
	if (!first->outer) {
		first->outer = ir_map_add(l->result->module, arena_printf(l->arena, "group %u", map->index));
		first->outer->kind = MAP_OUTER;
		first->outer->key_size = first->outer->value_size = 4;
		first->outer->entries = 1;
		first->outer->drops = first->outer->zeros = -1;
	}
	map->outer = first->outer;
	map->place = map->outer->entries++;
}

/* The map before number i that is first of its shape, or NULL. */
static struct map_def *first_alike(const struct ir_module *m, unsigned i)
{
	for (unsigned j = 0; j < i; j++)
		if (is_hash(m->maps.data[j]) && same_shape(m->maps.data[j], m->maps.data[i]))
			return m->maps.data[j];
	return NULL;
}

void group_maps(struct lower *l)
{
	struct ir_module *m = l->result->module;
	unsigned n = m->maps.len, hashes = 0, named = 0;
	struct map_def *last = NULL;

	for (unsigned i = 0; i < n; i++)
		hashes += is_hash(m->maps.data[i]);
	if (hashes <= SCRIPT_MAX)
		return;
	for (unsigned i = 0; i < n; i++) {
		struct map_def *map = m->maps.data[i], *first;

		if (!is_hash(map))
			continue;
		first = first_alike(m, i);
		if (first) {
			join_group(l, map, first);
		} else {
			named++;
			last = map;
		}
	}
	if (named > SCRIPT_MAX)
		diag_error(l->diag, last->span, "TOO_MANY_MAPS",
			   "the keys and values of this script have %u different sizes; a program has at most %d maps", named, NAMED_MAX);
}
