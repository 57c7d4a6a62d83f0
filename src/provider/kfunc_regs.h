/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROVIDER_KFUNC_REGS_H
#define PROVIDER_KFUNC_REGS_H

#include "provider/mechanism.h"

/* lower_ops.load of a mechanism whose programs get a function's registers. */
struct ir_value *kfunc_regs_load(struct ir_builder *b, void *event, const char *name, bool is_arg,
				 const struct type **type);

#endif
