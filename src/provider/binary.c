// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/binary.h"

#include "base/cleanup.h"
#include "base/vec.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

const char *binary_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

/* processes */

static bool other_namespace(struct arena *a, int pid)
{
	struct stat own, its;

	return !stat("/proc/self/ns/mnt", &own) && !stat(arena_printf(a, "/proc/%d/ns/mnt", pid), &its) &&
	       own.st_ino != its.st_ino;
}

/* Where this process finds what the other one calls so. */
static const char *seen_from_here(struct arena *a, int pid, const char *path)
{
	return other_namespace(a, pid) ? arena_printf(a, "/proc/%d/root%s", pid, path) : path;
}

void binary_of_process(struct arena *a, int pid, void (*visit)(void *data, const char *path), void *data)
{
	_cleanup_fclose_ FILE *maps = fopen(arena_printf(a, "/proc/%d/maps", pid), "re");
	bool elsewhere = other_namespace(a, pid);
	_cleanup_free_ char *line = NULL;
	size_t cap = 0;

	while (maps && getline(&line, &cap, maps) > 0) {
		unsigned long from, to;
		char mode[5], *path = strchr(line, '/'), *deleted;

		if (!path || sscanf(line, "%lx-%lx %4s", &from, &to, mode) != 3 || mode[2] != 'x')
			continue;
		path[strcspn(path, "\n")] = 0;
		deleted = strstr(path, " (deleted)");
		if (deleted && !deleted[10])
			visit(data, arena_printf(a, "/proc/%d/map_files/%lx-%lx", pid, from, to));
		else
			visit(data, elsewhere ? arena_printf(a, "/proc/%d/root%s", pid, path) : arena_strdup(a, path));
	}
}

/* "libc" is libc.so.6 and libc-2.31.so, libc.so.6 is itself. */
static bool is_called(const char *file, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(file, name, len))
		return false;
	file += len;
	if (*file == '-' && isdigit((unsigned char)file[1]))
		file += 1 + strspn(file + 1, "0123456789.");
	return !*file || !strncmp(file, ".so", 3) || !strcmp(file, "so");
}

struct wanted {
	struct arena *arena;
	const char *name, *found;
	struct suggest *near;
};

static void note_mapped(void *data, const char *path)
{
	struct wanted *w = data;
	const char *real = path;
	char target[PATH_MAX];
	ssize_t n;

	/* a deleted file's link tells its name */
	if (strstr(path, "/map_files/")) {
		n = readlink(path, target, sizeof(target) - 1);
		if (n > 10) {
			target[n - 10] = 0;
			real = target;
		}
	}
	if (!w->found && is_called(binary_name(real), w->name))
		w->found = path;
	if (w->near)
		suggest_add(w->near, arena_strdup(w->arena, binary_name(real)));
}

static const char *find_in_process(struct arena *a, const char *name, int pid, struct suggest *near)
{
	struct wanted w = { .arena = a, .name = name, .near = near };
	char exe[PATH_MAX];
	ssize_t n = readlink(arena_printf(a, "/proc/%d/exe", pid), exe, sizeof(exe) - 1);

	if (n > 0) {
		exe[n] = 0;
		if (!strcmp(name, "a.out") || !strcmp(binary_name(exe), name))
			return is_file(exe) ? seen_from_here(a, pid, arena_strdup(a, exe)) : arena_printf(a, "/proc/%d/exe", pid);
	}
	binary_of_process(a, pid, note_mapped, &w);
	return w.found;
}

/* programs */

static void suggest_programs(struct arena *a, const char *dir, const char *name, struct suggest *near)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d)))
		if (*entry->d_name == *name)
			suggest_add(near, arena_strdup(a, entry->d_name));
	if (d)
		closedir(d);
}

static const char *find_in_path(struct arena *a, const char *name, struct suggest *near)
{
	const char *path = getenv("PATH"), *end;

	for (path = path ? path : "/usr/bin:/bin"; *path; path = *end ? end + 1 : end) {
		const char *dir, *file;

		end = path + strcspn(path, ":");
		dir = arena_strndup(a, path, (size_t)(end - path));
		file = arena_printf(a, "%s/%s", *dir ? dir : ".", name);
		if (is_file(file))
			return file;
		if (near)
			suggest_programs(a, dir, name, near);
	}
	return NULL;
}

/* libraries */

/* The format of ld.so.cache since glibc 2.2; older entries may stand before it. */
static const char cache_magic[] = "glibc-ld.so.cache1.1";

struct cache_header {
	char magic[20];
	uint32_t nlibs, strings_size, unused[5];
};

struct cache_entry {
	int32_t flags;
	uint32_t name, path;		/* offsets from the header */
	uint32_t os_version;
	uint64_t hwcap;
};

static char *read_cache(struct arena *a, size_t *size)
{
	_cleanup_close_ int fd = open("/etc/ld.so.cache", O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) || st.st_size > 64 << 20)
		return NULL;
	text = arena_alloc(a, (size_t)st.st_size + 1);
	n = pread(fd, text, (size_t)st.st_size, 0);
	*size = n > 0 ? (size_t)n : 0;
	return text;
}

static bool is_64bit(const char *path)
{
	struct dbg_elf *e = dbg_elf_open(path);

	return e && dbg_elf_is_32bit(e) == (sizeof(void *) == 4);
}

static const char *find_in_cache(struct arena *a, const char *name, struct suggest *near)
{
	size_t size = 0;
	char *file = read_cache(a, &size), *begin = file ? memmem(file, size, cache_magic, sizeof(cache_magic) - 1) : NULL;
	const struct cache_header *h = (void *)begin;
	const struct cache_entry *entries;
	size_t left = begin ? size - (size_t)(begin - file) : 0;

	if (left < sizeof(*h) || h->nlibs > (left - sizeof(*h)) / sizeof(*entries))
		return NULL;
	entries = (void *)(begin + sizeof(*h));
	for (uint32_t i = 0; i < h->nlibs; i++) {
		const char *lib = begin + entries[i].name, *path = begin + entries[i].path;

		if (entries[i].name >= left || entries[i].path >= left)
			continue;
		if (is_called(lib, name) && is_64bit(path))
			return path;
		if (near)
			suggest_add(near, lib);
	}
	return NULL;
}

static const char *find_in_dirs(struct arena *a, const char *name)
{
	static const char *const dirs[] = { "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib" };

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		DIR *d = opendir(dirs[i]);
		const char *found = NULL;
		struct dirent *entry;

		while (d && !found && (entry = readdir(d))) {
			const char *path = arena_printf(a, "%s/%s", dirs[i], entry->d_name);

			if (strstr(entry->d_name, ".so") && is_called(entry->d_name, name) && is_64bit(path))
				found = path;
		}
		if (d)
			closedir(d);
		if (found)
			return found;
	}
	return NULL;
}

static const char *real(struct arena *a, const char *path)
{
	char buf[PATH_MAX];

	/* links in /proc lead where the process is, not where their text says */
	if (!path || !strncmp(path, "/proc/", 6) || !realpath(path, buf))
		return path;
	return arena_strdup(a, buf);
}

static const char *find_path(struct arena *a, const char *path, int pid)
{
	if (pid && *path == '/' && other_namespace(a, pid)) {
		const char *its = arena_printf(a, "/proc/%d/root%s", pid, path);

		if (is_file(its))
			return its;
	}
	return is_file(path) ? path : NULL;
}

const char *binary_find(struct arena *a, const char *name, int pid, struct suggest *near)
{
	const char *found;

	if (strchr(name, '/'))
		return real(a, find_path(a, name, pid));
	found = pid ? find_in_process(a, name, pid, near) : NULL;
	if (!found)
		found = find_in_path(a, name, NULL);
	if (!found)
		found = find_in_cache(a, name, near);
	if (!found)
		found = find_in_dirs(a, name);
	if (!found && near)
		find_in_path(a, name, near);
	return real(a, found);
}
