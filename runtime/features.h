/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the running kernel's BPF can do, found by trying, once each. */
#ifndef RUNTIME_FEATURES_H
#define RUNTIME_FEATURES_H

#include <stdbool.h>

/*
 * "atomic_fetch" (instructions that fetch, 5.12), "task_storage" (its helper and the next, 5.11), "get_current_task_btf",
 * "loop" (the helper, 5.17); false for other names. Where BPF may not be used at all every feature is assumed, so that what can be
 * compiled is: loading then says what is missing.
 */
bool rt_has_feature(const char *name);

#endif
