// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/perf_map.h"

#include "base/cleanup.h"
#include "base/vec.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

struct entry {
	uint64_t start, size;
	unsigned order;			/* code is made anew at the same place: the last line holds */
	const char *name;
};

struct perf_map {
	unsigned pid;
	off_t read;			/* size of the file when it was read */
	VEC(struct entry) entries;	/* ascending */
};

static struct {
	struct arena arena;
	VEC(struct perf_map) maps;
} all;

/* The number that the process has in its own pid namespace. */
static unsigned inner_pid(unsigned pid)
{
	char path[32], line[256];
	_cleanup_fclose_ FILE *f = NULL;

	snprintf(path, sizeof(path), "/proc/%u/status", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "NSpid:", 6))
			return (unsigned)strtoul(strrchr(line, '\t') + 1, NULL, 10);
	return pid;
}

static FILE *open_map(unsigned pid)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%u/root/tmp/perf-%u.map", pid, inner_pid(pid));
	f = fopen(path, "re");
	if (f)
		return f;
	snprintf(path, sizeof(path), "/tmp/perf-%u.map", pid);
	return fopen(path, "re");
}

/* START SIZE NAME */
static void add_line(struct perf_map *map, char *line)
{
	char *end;
	struct entry e = { .start = strtoull(line, &end, 16), .order = map->entries.len };

	if (end == line || *end != ' ')
		return;
	e.size = strtoull(end, &end, 16);
	while (*end == ' ')
		end++;
	end[strcspn(end, "\n")] = 0;
	if (!*end || !e.size)
		return;
	e.name = arena_strdup(&all.arena, end);
	*arena_vec_add(&all.arena, &map->entries) = e;
}

static int by_start(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void read_map(struct perf_map *map)
{
	_cleanup_fclose_ FILE *f = open_map(map->pid);
	_cleanup_free_ char *line = NULL;
	struct stat st;
	size_t cap = 0;

	if (!f || fstat(fileno(f), &st) || !S_ISREG(st.st_mode) || st.st_size == map->read)
		return;
	map->read = st.st_size;
	map->entries.len = 0;
	while (getline(&line, &cap, f) > 0)
		add_line(map, line);
	if (map->entries.len)
		qsort(map->entries.data, map->entries.len, sizeof(struct entry), by_start);
}

static const struct entry *find(const struct perf_map *map, uint64_t address)
{
	const struct entry *e = vec_floor(&map->entries, start, address);

	return e && address - e->start < e->size ? e : NULL;
}

static struct perf_map *map_of(unsigned pid)
{
	vec_foreach(m, &all.maps)
		if (m->pid == pid)
			return m;
	*arena_vec_add(&all.arena, &all.maps) = (struct perf_map){ .pid = pid };
	return &all.maps.data[all.maps.len - 1];
}

const char *perf_map_symbol(unsigned pid, uint64_t address, uint64_t *offset)
{
	struct perf_map *map = map_of(pid);
	const struct entry *e = find(map, address);

	if (!e) {
		read_map(map);	/* if it has grown */
		e = find(map, address);
	}
	if (!e)
		return NULL;
	*offset = address - e->start;
	return e->name;
}

void perf_maps_forget(void)
{
	arena_deinit(&all.arena);
	memset(&all, 0, sizeof(all));
}
