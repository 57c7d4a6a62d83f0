// SPDX-License-Identifier: GPL-2.0-or-later
#include "debuginfo/cgroup.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Where the hierarchy is mounted; NULL if nowhere. */
static const char *mount_point(void)
{
	static char found[PATH_MAX];
	struct mntent *m;
	FILE *f;

	if (*found)
		return found;
	f = setmntent("/proc/self/mounts", "re");
	while (f && !*found && (m = getmntent(f)))
		if (!strcmp(m->mnt_type, "cgroup2"))
			snprintf(found, sizeof(found), "%s", m->mnt_dir);
	if (f)
		endmntent(f);
	return *found ? found : NULL;
}

/* The id is the number of the folder's inode. */
static uint64_t id_of(const char *path)
{
	struct statfs fs;
	struct stat st;

	if (statfs(path, &fs) || stat(path, &st))
		return 0;
	errno = ENODEV;
	return fs.f_type == CGROUP2_SUPER_MAGIC && S_ISDIR(st.st_mode) ? st.st_ino : 0;
}

uint64_t dbg_cgroup_id(const char *path, const char **why)
{
	const char *mount = mount_point();
	char below[2 * PATH_MAX];
	uint64_t id = *path == '/' ? id_of(path) : 0;
	bool elsewhere = *path == '/' && !id && errno == ENODEV;

	if (!id && mount && !elsewhere) {
		snprintf(below, sizeof(below), "%s/%s", mount, path);
		id = id_of(below);
	}
	if (elsewhere)
		*why = "it is not in the unified hierarchy (cgroup v2)";
	else
		*why = mount ? strerror(errno) : "the unified hierarchy (cgroup v2) is not mounted";
	return id;
}

const char *dbg_cgroup_path(uint64_t id, char *buffer, size_t size)
{
	enum { FILEID_KERNFS = 0xfe };	/* linux/exportfs.h; since 5.5 */
	struct {
		struct file_handle head;
		uint64_t id;
	} handle = { .head = { .handle_bytes = sizeof(id), .handle_type = FILEID_KERNFS }, .id = id };
	const char *mount = mount_point();
	_cleanup_close_ int root = mount ? open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	_cleanup_close_ int fd = root >= 0 ? open_by_handle_at(root, &handle.head, O_PATH | O_CLOEXEC) : -1;
	char link[64];
	ssize_t n, skip;

	if (fd < 0)
		return NULL;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, buffer, size - 1);
	skip = (ssize_t)strlen(mount);
	if (n < skip || strncmp(buffer, mount, (size_t)skip))
		return NULL;
	buffer[n] = 0;
	return n == skip ? "/" : buffer + skip;
}
