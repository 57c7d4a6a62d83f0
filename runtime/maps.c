// SPDX-License-Identifier: GPL-2.0-or-later
/* The image's maps in the kernel. RLIMIT_MEMLOCK, which counts for maps before Linux 5.11, is raised by libbpf there. */
#include "runtime/run.h"

#include "base/caps.h"

#include <bpf/bpf.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { NAME_SIZE = 16, PREALLOC_MAX = 8 << 20 };

static const struct {
	enum bpf_map_type type;
	const char *config;	/* what a kernel without it was built without */
} kinds[] = {
	[MAP_ARRAY] = { BPF_MAP_TYPE_ARRAY, "CONFIG_BPF_SYSCALL" },
	[MAP_HASH] = { BPF_MAP_TYPE_HASH, "CONFIG_BPF_SYSCALL" },
	[MAP_PERCPU_HASH] = { BPF_MAP_TYPE_PERCPU_HASH, "CONFIG_BPF_SYSCALL" },
	[MAP_TASK_STORAGE] = { BPF_MAP_TYPE_TASK_STORAGE, "CONFIG_BPF_SYSCALL (Linux 5.11)" },
	[MAP_RINGBUF] = { BPF_MAP_TYPE_RINGBUF, "CONFIG_BPF_SYSCALL (Linux 5.8)" },
	[MAP_PROG_ARRAY] = { BPF_MAP_TYPE_PROG_ARRAY, "CONFIG_BPF_SYSCALL" },
	[MAP_OUTER] = { BPF_MAP_TYPE_ARRAY_OF_MAPS, "CONFIG_BPF_SYSCALL" },
};

void rt_refused(struct rt *rt, struct span span, int error, const char *config, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	switch (error) {
	case EPERM:
	case EACCES:	/* it is not for the script */
		diag_error(rt->diag, SPAN_NONE, NULL, "%s: not permitted", what);
		caps_hint(rt->diag);
		break;
	case ENOSYS:
	case EINVAL:
		diag_error(rt->diag, span, NULL, "%s: this kernel does not know it", what);
		if (config)
			diag_hint(rt->diag, "it needs a kernel with %s", config);
		break;
	default:
		diag_error(rt->diag, span, NULL, "%s: %s", what, strerror(error));
	}
}

/* What the kernel takes as a name of what the script calls `name`. */
static void kernel_name(const char *name, char *buf)
{
	unsigned n = 0;

	for (; *name && n < NAME_SIZE - 1; name++)
		if (isalnum((unsigned char)*name) || *name == '_')
			buf[n++] = *name;
	buf[n] = 0;
}

/*
 * Whether hash tables allocate from the kernel's own BPF allocator (6.1), so that any program may insert into one that was
 * not allocated beforehand. The user ring buffer came with the same kernel.
 */
static bool has_allocator(void)
{
	static int known = -1;
	int fd;

	if (known < 0) {
		fd = bpf_map_create(BPF_MAP_TYPE_USER_RINGBUF, NULL, 0, 0, (unsigned)sysconf(_SC_PAGESIZE), NULL);
		known = fd >= 0;
		if (fd >= 0)
			close(fd);
	}
	return known;
}

/* Only what is large: entries that are made late can fail where those of a map that was allocated beforehand cannot. */
static bool allocates_late(const struct map_def *map)
{
	return map->kind == MAP_HASH && !map->ready && (uint64_t)map->entries * (map->key_size + map->value_size) > PREALLOC_MAX &&
	       has_allocator();
}

int map_create(struct map_def *map)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts);
	unsigned key_size = map->key_size ? map->key_size : sizeof(uint32_t), value_size = map->value_size;
	char name[NAME_SIZE];
	int fd, btf_fd = -1;

	kernel_name(map->name, name);
	switch (map->kind) {
	case MAP_RINGBUF:
		key_size = value_size = 0;
		break;
	case MAP_TASK_STORAGE:
		btf_fd = btf_storage_types(value_size);
		if (btf_fd < 0)
			return -1;
		opts.btf_fd = (unsigned)btf_fd;
		opts.btf_key_type_id = 1;
		opts.btf_value_type_id = 2;
		opts.map_flags = BPF_F_NO_PREALLOC;
		break;
	default:
		if (map->mmapable)
			opts.map_flags = BPF_F_MMAPABLE;
		else if (allocates_late(map))
			opts.map_flags = BPF_F_NO_PREALLOC;
	}
	fd = bpf_map_create(kinds[map->kind].type, name, key_size, value_size,
			    map->kind == MAP_TASK_STORAGE ? 0 : map->entries, &opts);
	if (btf_fd >= 0)
		close(btf_fd);
	return fd;
}

static int refused(struct rt *rt, const struct map_def *map)
{
	int error = errno;

	/* Linux before 5.11 ("bpf: Lift hashtab key_size limit") */
	if (error == E2BIG && map->key_size > 512) {
		diag_error(rt->diag, map->span, NULL, "a key of %s takes %u bytes, and this kernel allows 512", map->name, map->key_size);
		diag_hint(rt->diag, "-x strsize=N makes strings shorter");
	} else if (error == ENOMEM || error == E2BIG) {
		diag_error(rt->diag, map->span, NULL, "%s is too large: the kernel has no memory for %u entries of %u bytes",
			   map->name, map->entries, map->key_size + map->value_size);
		if (map->kind == MAP_RINGBUF)
			diag_hint(rt->diag, "-x ringsize=SIZE makes it smaller");
		else if (map->kind != MAP_ARRAY)
			diag_hint(rt->diag, "-x mapentries=N makes maps smaller");
	} else {
		rt_refused(rt, map->span, error, kinds[map->kind].config, "cannot create %s%s",
			   map->span.pos ? "" : "a BPF map: ", map->name);
	}
	return -1;
}

static int map_memory(struct rt *rt, struct rt_map *m, const struct map_def *map)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	m->size = ((((size_t)map->value_size + 7) & ~7ul) * map->entries + page - 1) & ~(page - 1);
	m->memory = mmap(NULL, m->size, PROT_READ | PROT_WRITE, MAP_SHARED, m->fd, 0);
	if (m->memory == MAP_FAILED) {
		m->memory = NULL;
		diag_error(rt->diag, map->span, NULL, "cannot map %s: %s", map->name, strerror(errno));
		return -1;
	}
	return 0;
}

static int put_inner(struct rt *rt, const struct map_def *map, int inner)
{
	const uint32_t place = map->place;

	if (!bpf_map_update_elem(rt->maps[map->outer ? map->outer->index : map->index].fd, &place, &inner, BPF_ANY))
		return 0;
	return refused(rt, map);
}

static int create_outer(struct rt *rt, struct rt_map *m, const struct map_def *map, int inner)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .inner_map_fd = (unsigned)inner);
	char name[NAME_SIZE];

	kernel_name(map->name, name);
	m->fd = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, name, sizeof(uint32_t), sizeof(uint32_t),
			       map->kind == MAP_OUTER ? map->entries : 1, &opts);
	return m->fd < 0 ? refused(rt, map) : 0;
}

/* Maps that share an outer one were created before it. */
static int create_group(struct rt *rt, struct map_def *outer)
{
	struct rt_map *m = &rt->maps[outer->index];

	vec_foreach(map, &rt->image->maps) {
		int inner = rt->maps[(*map)->index].inner;

		if ((*map)->outer != outer)
			continue;
		if ((m->fd < 0 && create_outer(rt, m, outer, inner)) || put_inner(rt, *map, inner))
			return -1;
	}
	return 0;
}

static int create_one(struct rt *rt, struct map_def *map)
{
	struct rt_map *m = &rt->maps[map->index];
	int fd;

	if (map->kind == MAP_OUTER)
		return create_group(rt, map);
	fd = map_create(map);
	if (fd < 0)
		return refused(rt, map);
	if (map_is_inner(map)) {
		m->inner = fd;
		if (map->outer)
			return 0;
		return create_outer(rt, m, map, fd) || put_inner(rt, map, fd) ? -1 : 0;
	}
	m->fd = fd;
	return map->mmapable ? map_memory(rt, m, map) : 0;
}

/* Without a data map (no clause needs one) the exit flag and status still have a place. */
static int find_data(struct rt *rt)
{
	const struct data_def *data = &rt->image->data;

	rt->data = data->map ? rt->maps[data->map->index].memory : arena_alloc(rt->image->arena, DATA_FIRST);
	if (!rt->data) {
		diag_error(rt->diag, SPAN_NONE, NULL, "the data map cannot be reached");
		return -1;
	}
	vec_foreach(init, &data->inits)
		memcpy(rt->data + init->offset, init->bytes, init->size);
	return 0;
}

int maps_create(struct rt *rt)
{
	unsigned n = rt->image->maps.len;

	rt->maps = arena_array(rt->image->arena, struct rt_map, n);
	for (unsigned i = 0; i < n; i++)
		rt->maps[i] = (struct rt_map){ .fd = -1, .inner = -1, .spare = -1 };
	vec_foreach(map, &rt->image->maps)
		if (create_one(rt, *map))
			return -1;
	return find_data(rt);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void maps_destroy(struct rt *rt)
{
	for (unsigned i = 0; rt->maps && i < rt->image->maps.len; i++) {
		struct rt_map *m = &rt->maps[i];

		if (m->memory)
			munmap(m->memory, m->size);
		close_fd(&m->fd);
		close_fd(&m->inner);
		close_fd(&m->spare);
	}
	rt->maps = NULL;
}

/* The update returns when all programs that might have looked up the old map have ended (Linux 4.20). */
int map_swap(struct rt *rt, struct map_def *map)
{
	struct rt_map *m = &rt->maps[map->index];
	int old = m->inner;

	if (m->spare < 0)
		m->spare = map_create(map);
	if (m->spare < 0)
		return refused(rt, map);
	if (put_inner(rt, map, m->spare))
		return -1;
	m->inner = m->spare;
	m->spare = old;
	return 0;
}
