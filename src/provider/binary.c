// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/binary.h"

#include "base/cleanup.h"
#include "provider/provider.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *binary_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* What /proc calls a file, without the mark of one that was removed. */
static char *unmarked(struct arena *a, const char *path, size_t len, bool *is_removed)
{
	static const char mark[] = " (deleted)";
	size_t n = sizeof(mark) - 1;

	*is_removed = len > n && !memcmp(path + len - n, mark, n);
	return arena_strndup(a, path, *is_removed ? len - n : len);
}

const char *binary_called(struct arena *a, const char *path)
{
	char file[PATH_MAX];
	ssize_t n = strncmp(path, "/proc/", 6) ? -1 : readlink(path, file, sizeof(file));
	bool is_removed;

	return binary_name(n > 0 ? unmarked(a, file, (size_t)n, &is_removed) : path);
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

/* It may have another root in the same namespace. */
static bool other_tree(struct arena *a, int pid)
{
	struct stat own, its;

	return other_namespace(a, pid) || (!stat("/proc/self/root", &own) && !stat(arena_printf(a, "/proc/%d/root", pid), &its) &&
					   (own.st_ino != its.st_ino || own.st_dev != its.st_dev));
}

static const char *below_root(struct arena *a, int pid, const char *path)
{
	return arena_printf(a, "/proc/%d/root%s", pid, path);
}

const char *binary_seen(struct arena *a, int pid, const char *path)
{
	return other_tree(a, pid) ? below_root(a, pid, path) : path;
}

/*
 * A file by what /proc calls it: that begins at our own root, or at that of the other namespace, which the process's root may be only a part
 * of. The link in /proc leads to it in any case.
 */
static const char *find_mapped(struct arena *a, int pid, bool elsewhere, const char *path, const char *link)
{
	const char *here = elsewhere ? below_root(a, pid, path) : path;

	return is_file(here) ? here : link;
}

static void visit_running(struct arena *a, int pid, binary_visit *visit, void *data)
{
	_cleanup_fclose_ FILE *maps = fopen(arena_printf(a, "/proc/%d/maps", pid), "re");
	bool elsewhere = other_namespace(a, pid);
	_cleanup_free_ char *line = NULL;
	size_t cap = 0;

	while (maps && getline(&line, &cap, maps) > 0) {
		unsigned long from, to;
		char mode[5], *path = strchr(line, '/');
		const char *link;
		bool is_removed;

		if (!path || sscanf(line, "%lx-%lx %4s", &from, &to, mode) != 3 || mode[2] != 'x')
			continue;
		path = unmarked(a, path, strcspn(path, "\n"), &is_removed);
		link = arena_printf(a, "/proc/%d/map_files/%lx-%lx", pid, from, to);
		visit(data, is_removed ? link : find_mapped(a, pid, elsewhere, path, link), binary_name(path));
	}
}

/* "libc" is libc.so.6 and libc-2.31.so, "libc.so" is libc.so.6, and that is itself. */
bool binary_is_called(const char *file, const char *name)
{
	size_t len = strlen(name);
	bool has_so = len > 3 && !strcmp(name + len - 3, ".so");

	if (strncmp(file, name, len))
		return false;
	file += len;
	if (*file == '-' && isdigit((unsigned char)file[1]))
		file += 1 + strspn(file + 1, "0123456789.");
	return !*file || !strncmp(file, ".so", 3) || !strcmp(file, "so") || (has_so && *file == '.');
}

/* Solaris's libraries have 1 as their version: libc.so.1. */
bool binary_is_called_d(const char *file, const char *name)
{
	size_t len = strlen(name);
	char unversioned[256];

	if (!*name || prov_glob(name, file) || binary_is_called(file, name))
		return true;
	if (len < 5 || len >= sizeof(unversioned) || strcmp(name + len - 5, ".so.1"))
		return false;
	snprintf(unversioned, sizeof(unversioned), "%.*s", (int)len - 2, name);
	return binary_is_called(file, unversioned);
}

/* libc.so.6 and libc-2.31.so are meant by "libc" and "libc.so" as well. */
static void suggest_file(struct arena *a, struct suggest *near, const char *file)
{
	const char *so = strstr(file, ".so"), *end = so;

	suggest_add(near, file);
	if (!so)
		return;
	for (const char *s = file; s < so; s++)
		if (*s == '-' && isdigit((unsigned char)s[1])) {
			end = s;
			break;
		}
	suggest_add(near, arena_strndup(a, file, (size_t)(end - file)));
	suggest_add(near, arena_printf(a, "%.*s.so", (int)(end - file), file));
}

struct wanted {
	struct arena *arena;
	const char *name, *found;
	struct suggest *near;
};

static void note_binary(void *data, const char *path, const char *name)
{
	struct wanted *w = data;

	if (!w->found && (binary_is_called(name, w->name) || !strcmp(w->name, "a.out")))
		w->found = path;
	if (w->near)
		suggest_file(w->arena, w->near, name);
}

static const char *find_in_process(struct arena *a, const char *name, const struct process *process, struct suggest *near)
{
	struct wanted w = { .arena = a, .name = name, .near = near };

	binary_of_process(a, process, note_binary, &w);
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
		if (binary_is_called(lib, name) && is_64bit(path))
			return path;
		if (near)
			suggest_file(a, near, lib);
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

			if (strstr(entry->d_name, ".so") && binary_is_called(entry->d_name, name) && is_64bit(path))
				found = path;
		}
		if (d)
			closedir(d);
		if (found)
			return found;
	}
	return NULL;
}

/* what a program needs */

static const char *find_library(struct arena *a, const char *name)
{
	const char *found = find_in_cache(a, name, NULL);

	return found ? found : find_in_dirs(a, name);
}

/* In the folders of a list with ':' between them, $ORIGIN being the one that the file is in. */
static const char *find_in_list(struct arena *a, const char *list, const char *file, const char *name)
{
	for (const char *end; list && *list; list = *end ? end + 1 : end) {
		const char *dir, *path;

		end = list + strcspn(list, ":");
		dir = arena_strndup(a, list, (size_t)(end - list));
		if (!strncmp(dir, "$ORIGIN", 7))
			dir = arena_printf(a, "%.*s%s", (int)(binary_name(file) - file), file, dir + 7);
		path = arena_printf(a, "%s/%s", dir, name);
		if (is_file(path))
			return path;
	}
	return NULL;
}

static const char *find_needed(struct arena *a, const struct dbg_elf *e, const char *file, const char *name)
{
	const char *found = find_in_list(a, dbg_elf_dynamic(e, DT_RPATH, 0), file, name);

	if (!found)
		found = find_in_list(a, getenv("LD_LIBRARY_PATH"), file, name);
	if (!found)
		found = find_in_list(a, dbg_elf_dynamic(e, DT_RUNPATH, 0), file, name);
	return found ? found : find_library(a, name);
}

/* The program, what it needs, what that needs …, each once. */
static void visit_to_run(struct arena *a, const char *program, binary_visit *visit, void *data)
{
	enum { MAX = 1000 };
	struct name_list paths = { 0 };

	*arena_vec_add(a, &paths) = program;
	for (unsigned i = 0; i < paths.len && i < MAX; i++) {
		const char *path = paths.data[i], *name;
		struct dbg_elf *e = dbg_elf_open(path);

		visit(data, path, binary_name(path));
		for (unsigned n = 0; e && (name = dbg_elf_dynamic(e, DT_NEEDED, n)); n++) {
			const char *found = find_needed(a, e, path, name);
			bool known = !found;

			vec_foreach(p, &paths)
				known |= found && !strcmp(*p, found);
			if (!known)
				*arena_vec_add(a, &paths) = found;
		}
	}
}

void binary_of_process(struct arena *a, const struct process *process, binary_visit *visit, void *data)
{
	char exe[PATH_MAX];
	bool is_removed;
	ssize_t n;

	if (process->program) {
		visit_to_run(a, process->program, visit, data);
		return;
	}
	n = readlink(arena_printf(a, "/proc/%d/exe", process->pid), exe, sizeof(exe));
	if (n > 0) {
		const char *link = arena_printf(a, "/proc/%d/exe", process->pid), *path = unmarked(a, exe, (size_t)n, &is_removed);

		visit(data, is_removed ? link : find_mapped(a, process->pid, other_namespace(a, process->pid), path, link),
		      binary_name(path));
	}
	visit_running(a, process->pid, visit, data);
}

void binary_of_pattern(struct arena *a, const char *pattern, binary_visit *visit, void *data)
{
	glob_t found = { 0 };

	glob(pattern, 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (is_file(found.gl_pathv[i]))
			visit(data, binary_real(a, found.gl_pathv[i]), arena_strdup(a, found.gl_pathv[i]));
	globfree(&found);
}

void binary_each_process(void (*visit)(void *data, int pid), void *data)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc)))
		if (atoi(entry->d_name) > 0)
			visit(data, atoi(entry->d_name));
	if (proc)
		closedir(proc);
}

const char *binary_real(struct arena *a, const char *path)
{
	char buf[PATH_MAX];

	/* links in /proc lead where the process is, not where their text says */
	if (!path || !strncmp(path, "/proc/", 6) || !realpath(path, buf))
		return path;
	return arena_strdup(a, buf);
}

static const char *find_path(struct arena *a, const char *path, const struct process *process)
{
	const char *its = process->pid && !process->program && *path == '/' ? binary_seen(a, process->pid, path) : path;

	return is_file(its) ? its : is_file(path) ? path : NULL;
}

const char *binary_find(struct arena *a, const char *name, const struct process *process, struct suggest *near)
{
	const char *found;

	if (strchr(name, '/'))
		return binary_real(a, find_path(a, name, process));
	found = process->pid ? find_in_process(a, name, process, near) : NULL;
	if (!found)
		found = find_in_path(a, name, NULL);
	if (!found)
		found = find_in_cache(a, name, near);
	if (!found)
		found = find_in_dirs(a, name);
	if (!found && near)
		find_in_path(a, name, near);
	return binary_real(a, found);
}
