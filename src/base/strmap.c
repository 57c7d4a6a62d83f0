// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/strmap.h"

#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct strmap_slot {
	const char *key;
	void *value;
};

/* FNV-1a, 64 bit. */
static uint64_t hash(const char *key, size_t len)
{
	uint64_t h = 0xcbf29ce484222325ull;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)key[i]) * 0x100000001b3ull;
	return h;
}

/* Linear probing: the key's slot, or the free one where it belongs. */
static struct strmap_slot *find(const struct strmap *m, const char *key, size_t len)
{
	size_t i = hash(key, len) & (m->cap - 1);

	while (m->slots[i].key && (strncmp(m->slots[i].key, key, len) || m->slots[i].key[len]))
		i = (i + 1) & (m->cap - 1);
	return &m->slots[i];
}

static void grow(struct strmap *m)
{
	struct strmap old = *m;

	m->cap = old.cap ? 2 * old.cap : 16;
	m->slots = m->arena ? arena_array(m->arena, struct strmap_slot, m->cap) : xcalloc(m->cap, sizeof(*m->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].key)
			*find(m, old.slots[i].key, strlen(old.slots[i].key)) = old.slots[i];
	if (!m->arena)
		free(old.slots);
}

void strmap_deinit(struct strmap *m)
{
	free(m->slots);
	*m = (struct strmap){ 0 };
}

void *strmap_getn(const struct strmap *m, const char *key, size_t len)
{
	return m->cap ? find(m, key, len)->value : NULL;
}

void *strmap_get(const struct strmap *m, const char *key)
{
	return strmap_getn(m, key, strlen(key));
}

void *strmap_put(struct strmap *m, const char *key, void *value)
{
	struct strmap_slot *slot;
	void *before;

	if (4 * (m->len + 1) > 3 * m->cap)
		grow(m);
	slot = find(m, key, strlen(key));
	before = slot->value;
	if (!slot->key)
		m->len++;
	*slot = (struct strmap_slot){ .key = slot->key ? slot->key : key, .value = value };
	return before;
}
