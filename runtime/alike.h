/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys that show as one text are one row: they get one number when they are read from the kernel. */
#ifndef RUNTIME_ALIKE_H
#define RUNTIME_ALIKE_H

struct rt;
struct var_def;

/* Changes the key to the one that stands for all that look like it. */
void key_merge(struct rt *rt, const struct var_def *def, char *key);
void alike_deinit(struct rt *rt);

#endif
