/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROVIDER_UFUNC_REGS_H
#define PROVIDER_UFUNC_REGS_H

#include "provider/mechanism.h"

/* lower_ops.load of a mechanism whose programs get the registers of a user program. */
struct ir_value *ufunc_regs_load(struct ir_builder *b, void *event, const char *name, bool is_arg,
				 const struct type **type);
/* lower_ops.target of them. */
struct ir_value *ufunc_target(struct ir_builder *b, void *event, const struct clause *c);

#endif
