/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Control groups of the unified hierarchy (cgroup v2): their ids, as the builtin `cgroup` gives them, and their paths. */
#ifndef DEBUGINFO_CGROUP_H
#define DEBUGINFO_CGROUP_H

#include <stddef.h>
#include <stdint.h>

/*
 * The id of the cgroup at a path: of a folder ("/sys/fs/cgroup/user.slice"), or from the hierarchy's root on ("user.slice").
 * 0: *why says why there is none.
 */
uint64_t dbg_cgroup_id(const char *path, const char **why);
/* The path of a cgroup from the hierarchy's root on ("/user.slice"); NULL if there is none of that id (any more). */
const char *dbg_cgroup_path(uint64_t id, char *buffer, size_t size);

#endif
