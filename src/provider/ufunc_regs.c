// SPDX-License-Identifier: GPL-2.0-or-later
/* What programs of uprobes read: their context is the user program's registers (struct pt_regs). */
#include "provider/ufunc_regs.h"

#include "provider/arch.h"
#include "provider/ufunc.h"

#include <string.h>

static struct ir_value *argument(struct ir_builder *b, unsigned n)
{
	if (n < ARCH_FUNC_ARGS)
		return ir_load(b, 8, ir_ctx(b), arch.func_args[n]);
	return mech_read_user(b, ir_load(b, 8, ir_ctx(b), arch.sp), arch.func_stack_args + 8 * (n - ARCH_FUNC_ARGS), 8, false);
}

struct ir_value *ufunc_regs_load(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	const struct event *e = event;

	(void)type;
	if (is_arg)
		return NULL;
	if (!strcmp(name, "ctx"))
		return ir_ctx(b);
	if (!strcmp(name, "retval") || ufunc_is_return(e->kind))
		return ir_load(b, 8, ir_ctx(b), arch.retval);
	if (!strncmp(name, "arg", 3) && name[3] >= '0' && name[3] <= '9')
		return argument(b, (unsigned)(name[3] - '0'));
	return NULL;
}
