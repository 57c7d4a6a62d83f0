// SPDX-License-Identifier: GPL-2.0-or-later
#include "debuginfo/process.h"

#include "base/cleanup.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "debuginfo/cfi.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

struct mapping {
	uint64_t start, end, offset, since;
	struct dbg_object *object;
};

/* A program that a process runs, from exec (or fork) on. */
struct program {
	uint64_t since;
	VEC(struct mapping) mappings;	/* later ones cover earlier ones */
	char *text;			/* of /proc/PID/maps, not yet taken apart */
	bool is_parsed;			/* once at least */
	uint64_t read;			/* when it was read; 0: never */
};

struct process {
	unsigned pid;
	uint64_t gone;			/* when it was seen to be gone; 0: it was not */
	VEC(struct program) programs;	/* one after the other */
};

enum { FIRST_SLOTS = 256, READ_AGAIN = 100000000 };

static struct {
	struct arena arena;
	struct process **slots;		/* by pid */
	unsigned nslots, used;
	struct strmap objects;
	VEC(struct dbg_object *) list;	/* of them */
} all;

/* --- objects --- */

/* Memory can have a name that looks like a file's. */
static bool is_file_path(const char *path)
{
	static const char *const memory[] = { "//", "/memfd:", "/dev/zero", "/SYSV", "/anon_hugepage" };

	for (unsigned i = 0; i < sizeof(memory) / sizeof(*memory); i++)
		if (!strncmp(path, memory[i], strlen(memory[i])))
			return false;
	return path[0] == '/';
}

static struct dbg_object *object_of(unsigned pid, uint64_t seen, const struct dbg_map *m)
{
	bool is_file = is_file_path(m->path);
	char key[PATH_MAX + 64];
	struct dbg_object *o;
	const char *slash;

	if (is_file || !strcmp(m->path, "[vdso]") || !strcmp(m->path, "[vsyscall]"))
		snprintf(key, sizeof(key), "%x:%x:%llx:%s", m->major, m->minor, (unsigned long long)m->ino, m->path);
	else
		snprintf(key, sizeof(key), "%u:%s", pid, m->path);
	o = strmap_get(&all.objects, key);
	if (o)
		return o;
	o = arena_new(&all.arena, struct dbg_object);
	*o = (struct dbg_object){
		.path = arena_strdup(&all.arena, m->path), .major = m->major, .minor = m->minor, .ino = m->ino, .pid = pid, .seen = seen,
		.is_file = is_file, .is_vdso = !strcmp(m->path, "[vdso]"), .start = m->start, .end = m->start + m->size,
	};
	slash = strrchr(o->path, '/');
	o->name = slash ? slash + 1 : o->path;
	strmap_put(&all.objects, arena_strdup(&all.arena, key), o);
	*arena_vec_add(&all.arena, &all.list) = o;
	return o;
}

/* All processes have the same one as we have. */
static struct dbg_elf *open_vdso(void)
{
	const char *image = (const char *)getauxval(AT_SYSINFO_EHDR);
	size_t size = 2 * (size_t)sysconf(_SC_PAGESIZE);
	int fd = memfd_create("vdso", MFD_CLOEXEC);
	struct dbg_elf *elf = NULL;

	if (image && fd >= 0 && write(fd, image, size) == (ssize_t)size)
		elf = dbg_elf_open_fd(fd, "[vdso]");
	if (fd >= 0)
		close(fd);
	return elf;
}

/* The device that the maps of a process show for the file, where that is not the one that stat tells: some file systems have several. */
static bool is_shown_on(int fd, unsigned major, unsigned minor)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *at = mmap(NULL, page, PROT_READ, MAP_PRIVATE, fd, 0);
	_cleanup_fclose_ FILE *maps = at == MAP_FAILED ? NULL : fopen("/proc/self/maps", "re");
	_cleanup_free_ char *line = NULL;
	unsigned its_major, its_minor;
	unsigned long from;
	size_t cap = 0;
	bool is = false;

	while (maps && getline(&line, &cap, maps) > 0)
		if (sscanf(line, "%lx-%*x %*s %*x %x:%x", &from, &its_major, &its_minor) == 3 && from == (unsigned long)at)
			is = its_major == major && its_minor == minor;
	if (at != MAP_FAILED)
		munmap(at, page);
	return is;
}

static uint64_t ns_of(int64_t sec, int64_t nsec)
{
	return (uint64_t)sec * 1000000000 + (uint64_t)nsec;
}

/* Made, or written to, behind the time (of CLOCK_MONOTONIC). A time in the future means nothing. */
static bool is_changed_since(int fd, uint64_t seen)
{
	struct timespec real, monotonic;
	struct statx st;
	uint64_t now, then, made, written;

	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	clock_gettime(CLOCK_REALTIME, &real);
	now = ns_of(real.tv_sec, real.tv_nsec);
	then = now - ns_of(monotonic.tv_sec, monotonic.tv_nsec) + seen;
	if (statx(fd, "", AT_EMPTY_PATH, STATX_MTIME | STATX_BTIME, &st))
		return false;
	made = st.stx_mask & STATX_BTIME ? ns_of(st.stx_btime.tv_sec, st.stx_btime.tv_nsec) : 0;
	written = ns_of(st.stx_mtime.tv_sec, st.stx_mtime.tv_nsec);
	return (made > then && made <= now) || (written > then && written <= now);
}

static bool is_same(const struct dbg_object *o, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return false;
	if (!o->ino)
		return true;
	return st.st_ino == o->ino && !is_changed_since(fd, o->seen) &&
	       ((major(st.st_dev) == o->major && minor(st.st_dev) == o->minor) || is_shown_on(fd, o->major, o->minor));
}

/* The object's file at a path, if it is that file as it was; a descriptor, or -1. */
static int open_same(const struct dbg_object *o, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0 && !is_same(o, fd)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* A tree of files: a mount namespace, from a root on. */
struct tree {
	ino_t mounts, root;
	dev_t dev;
};

static bool tree_of(const char *pid, struct tree *t)
{
	char path[64];
	struct stat mounts, root;

	snprintf(path, sizeof(path), "/proc/%.20s/ns/mnt", pid);
	if (stat(path, &mounts))
		return false;
	snprintf(path, sizeof(path), "/proc/%.20s/root", pid);
	if (stat(path, &root))
		return false;
	*t = (struct tree){ mounts.st_ino, root.st_ino, root.st_dev };
	return true;
}

/* By the path in any other tree of files that there is: the process is gone, but its container is not. */
static int open_elsewhere(const struct dbg_object *o)
{
	DIR *dir = opendir("/proc");
	VEC(struct tree) seen = { 0 };
	struct dirent *d;
	int fd = -1;

	while (dir && fd < 0 && (d = readdir(dir))) {
		char path[PATH_MAX + 32];
		bool known = false;
		struct tree t;

		if (!isdigit((unsigned char)d->d_name[0]) || !tree_of(d->d_name, &t))
			continue;
		vec_foreach(s, &seen)
			known |= s->mounts == t.mounts && s->root == t.root && s->dev == t.dev;
		if (known)
			continue;
		*vec_add(&seen) = t;
		snprintf(path, sizeof(path), "/proc/%.20s/root%s", d->d_name, o->path);
		fd = open_same(o, path);
	}
	if (dir)
		closedir(dir);
	vec_free(&seen);
	return fd;
}

/* By the path in the process's own tree of files; where that file was removed or replaced, by the mapping; by the path. */
static int open_object(const struct dbg_object *o)
{
	char path[PATH_MAX + 32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/root%s", o->pid, o->path);
	fd = open_same(o, path);
	if (fd < 0) {
		snprintf(path, sizeof(path), "/proc/%u/map_files/%llx-%llx", o->pid, (unsigned long long)o->start,
			 (unsigned long long)o->end);
		fd = open_same(o, path);
	}
	if (fd < 0)
		fd = open_same(o, o->path);
	return fd < 0 ? open_elsewhere(o) : fd;
}

struct dbg_elf *dbg_object_elf(struct dbg_object *o)
{
	int fd;

	if (o->tried)
		return o->elf;
	o->tried = true;
	if (o->is_vdso)
		return o->elf = open_vdso();
	if (!o->is_file)
		return NULL;
	fd = open_object(o);
	if (fd < 0)
		return NULL;
	o->elf = dbg_elf_open_fd(fd, o->path);
	close(fd);
	return o->elf;
}

struct dbg_cfi *dbg_object_cfi(struct dbg_object *o)
{
	if (!o->tried_cfi && dbg_object_elf(o))
		o->cfi = dbg_cfi_open(o->elf);
	o->tried_cfi = true;
	return o->cfi;
}

/* --- processes --- */

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static struct process **slot_of(unsigned pid)
{
	unsigned n = (pid * 2654435761u) & (all.nslots - 1);

	while (all.slots[n] && all.slots[n]->pid != pid)
		n = (n + 1) & (all.nslots - 1);
	return &all.slots[n];
}

static void grow(void)
{
	struct process **old = all.slots;
	unsigned n = all.nslots;

	all.nslots = n ? 2 * n : FIRST_SLOTS;
	all.slots = xcalloc(all.nslots, sizeof(*all.slots));
	for (unsigned i = 0; i < n; i++)
		if (old[i])
			*slot_of(old[i]->pid) = old[i];
	free(old);
}

static struct process *process_of(unsigned pid)
{
	struct process **slot;

	if (2 * (all.used + 1) > all.nslots)
		grow();
	slot = slot_of(pid);
	if (*slot)
		return *slot;
	*slot = xcalloc(1, sizeof(**slot));
	(*slot)->pid = pid;
	*vec_add(&(*slot)->programs) = (struct program){ .since = 0 };
	all.used++;
	return *slot;
}

static struct program *latest(struct process *p)
{
	return &p->programs.data[p->programs.len - 1];
}

static struct program *program_at(struct process *p, uint64_t time)
{
	unsigned n = p->programs.len;

	while (n > 1 && p->programs.data[n - 1].since > time)
		n--;
	return &p->programs.data[n - 1];
}

static bool is_known(const struct program *program, const struct mapping *new)
{
	vec_foreach(m, &program->mappings)
		if (m->start == new->start && m->end == new->end && m->offset == new->offset && m->object == new->object)
			return true;
	return false;
}

static void add_mapping(unsigned pid, struct program *program, uint64_t since, const struct dbg_map *m)
{
	struct mapping new = { m->start, m->start + m->size, m->offset, since, object_of(pid, since ? since : program->read, m) };

	if (!is_known(program, &new))
		*vec_add(&program->mappings) = new;
}

/* START-END PERM OFFSET MAJ:MIN INO   PATH */
static bool parse_line(char *line, struct dbg_map *m, bool *is_code)
{
	unsigned long long start, end, offset, ino;
	char perm[8];
	int path = 0;

	if (sscanf(line, "%llx-%llx %7s %llx %x:%x %llu %n", &start, &end, perm, &offset, &m->major, &m->minor, &ino, &path) < 7)
		return false;
	m->start = start;
	m->size = end - start;
	m->offset = offset;
	m->ino = ino;
	m->path = path ? line + path : "";
	*is_code = perm[2] == 'x';
	return true;
}

/* The first time, that is what was mapped before all that is known. */
static void parse(unsigned pid, struct program *program)
{
	struct program later = { 0 };
	struct dbg_map m;
	char *save, *line;
	bool is_code;

	if (!program->text)
		return;
	if (!program->is_parsed) {
		later.mappings = program->mappings;
		memset(&program->mappings, 0, sizeof(program->mappings));
	}
	for (line = strtok_r(program->text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (parse_line(line, &m, &is_code) && is_code)
			add_mapping(pid, program, 0, &m);
	vec_foreach(known, &later.mappings)
		*vec_add(&program->mappings) = *known;
	vec_free(&later.mappings);
	program->is_parsed = true;
	free(program->text);
	program->text = NULL;
}

static char *read_text(unsigned pid)
{
	_cleanup_close_ int fd = -1;
	char path[32], *text;
	size_t len = 0, cap = 16384;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%u/maps", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	text = xmalloc(cap);
	while ((n = read(fd, text + len, cap - len - 1)) > 0) {
		len += (size_t)n;
		if (cap - len < 8192)
			text = xrealloc(text, cap *= 2);
	}
	text[len] = 0;
	if (len)
		return text;
	free(text);
	return NULL;
}

static void read_maps(struct process *p)
{
	struct program *program = latest(p);

	if (program->text || (program->read && now() - program->read < READ_AGAIN))
		return;
	program->read = now();
	program->text = read_text(p->pid);
}

void dbg_process_read(unsigned pid)
{
	struct process *p = process_of(pid);

	if (!latest(p)->read)
		read_maps(p);
}

void dbg_process_read_all(void)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (isdigit((unsigned char)d->d_name[0]))
			dbg_process_read((unsigned)atoi(d->d_name));
	if (dir)
		closedir(dir);
}

void dbg_process_exec(unsigned pid, uint64_t time)
{
	struct process *p = process_of(pid);

	*vec_add(&p->programs) = (struct program){ .since = time };
}

void dbg_process_fork(unsigned pid, unsigned parent, uint64_t time)
{
	struct process *from = process_of(parent);
	struct program *now_running, child = { .since = time };

	if (!latest(from)->read && !latest(from)->mappings.len)
		read_maps(from);
	now_running = program_at(from, time);
	parse(parent, now_running);
	vec_foreach(m, &now_running->mappings)
		*vec_add(&child.mappings) = *m;
	*vec_add(&process_of(pid)->programs) = child;
}

void dbg_process_map(unsigned pid, uint64_t time, const struct dbg_map *map)
{
	struct process *p = process_of(pid);

	add_mapping(pid, program_at(p, time), time, map);
	/* one that may be gone soon is looked at while it is there */
	if (map->ino)
		dbg_object_elf(object_of(pid, time, map));
}

static struct dbg_object *find(struct program *program, uint64_t time, uint64_t address, uint64_t *offset)
{
	for (unsigned n = program->mappings.len; n--;) {
		const struct mapping *m = &program->mappings.data[n];

		if (address < m->start || address >= m->end || m->since > time)
			continue;
		*offset = m->object->is_file || m->object->is_vdso ? address - m->start + m->offset : address;
		return m->object;
	}
	return NULL;
}

struct dbg_object *dbg_process_find(unsigned pid, uint64_t time, uint64_t address, uint64_t *offset)
{
	struct process *p = process_of(pid);
	struct program *program = program_at(p, time);
	struct dbg_object *o;

	parse(pid, program);
	o = find(program, time, address, offset);
	if (o || program != latest(p))
		return o;
	read_maps(p);
	parse(pid, program);
	return find(program, time, address, offset);
}

static void program_deinit(struct program *program)
{
	vec_free(&program->mappings);
	free(program->text);
}

static void process_destroy(struct process *p)
{
	vec_foreach(program, &p->programs)
		program_deinit(program);
	vec_free(&p->programs);
	free(p);
}

/* All but the one that ran at that time, and later ones. */
static void forget_programs(struct process *p, uint64_t before)
{
	unsigned n = (unsigned)(program_at(p, before) - p->programs.data);

	for (unsigned i = 0; i < n; i++)
		program_deinit(&p->programs.data[i]);
	p->programs.len -= n;
	memmove(p->programs.data, p->programs.data + n, p->programs.len * sizeof(*p->programs.data));
}

static bool was_gone(struct process *p, uint64_t before)
{
	bool is_gone = kill((pid_t)p->pid, 0) && errno == ESRCH;

	if (!is_gone)
		p->gone = 0;
	else if (!p->gone)
		p->gone = now();
	return p->gone && p->gone < before;
}

void dbg_process_forget(uint64_t before)
{
	struct process **old = all.slots;
	unsigned n = all.nslots;

	all.nslots = all.used = 0;
	all.slots = NULL;
	for (unsigned i = 0; i < n; i++) {
		if (!old[i])
			continue;
		if (was_gone(old[i], before)) {
			process_destroy(old[i]);
			continue;
		}
		forget_programs(old[i], before);
		if (2 * (all.used + 1) > all.nslots)
			grow();
		*slot_of(old[i]->pid) = old[i];
		all.used++;
	}
	free(old);
}

void dbg_process_forget_all(void)
{
	for (unsigned i = 0; i < all.nslots; i++)
		if (all.slots[i])
			process_destroy(all.slots[i]);
	vec_foreach(o, &all.list)
		dbg_cfi_close((*o)->cfi);
	free(all.slots);
	strmap_deinit(&all.objects);
	arena_deinit(&all.arena);
	memset(&all, 0, sizeof(all));
}
