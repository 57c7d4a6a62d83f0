/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the running kernel can do, found out by trying, once, and only when somebody asks. */
#ifndef RUNTIME_FEATURES_H
#define RUNTIME_FEATURES_H

#include <stdbool.h>

/*
 *	atomic_fetch		atomic operations that give the old value, exchange, compare and exchange (Linux 5.12)
 *	task_storage		task storage in tracing programs, and get_current_task_btf (5.12)
 *	get_current_task_btf	(5.11)
 *	loop			bpf_loop (5.17)
 *
 * False for other names.
 */
bool rt_has_feature(const char *name);
/* Whether that is the name of one. */
bool rt_knows_feature(const char *name);

#endif
