// SPDX-License-Identifier: GPL-2.0-or-later
/* What programs of kprobes read: all their kinds get the registers at the probe (struct pt_regs) as context. */
#include "provider/arch.h"
#include "provider/kfunc.h"
#include "provider/kfunc_regs.h"

#include <string.h>

static struct ir_value *argument(struct ir_builder *b, unsigned n)
{
	unsigned behind;

	if (n < ARCH_FUNC_ARGS)
		return ir_load(b, 8, ir_ctx(b), arch.func_args[n]);
	behind = arch.func_stack_args + 8 * (n - ARCH_FUNC_ARGS);
	return mech_read(b, ir_load(b, 8, ir_ctx(b), arch.sp), behind, 8, false);
}

static struct ir_value *named_argument(struct ir_builder *b, struct event *e, const char *name, const struct type **type)
{
	const struct type *param;
	int n = kfunc_param(e->probes, e->targets.data[0], name, &param);

	if (n < 0)
		return NULL;
	*type = param;
	return mech_extend(b, argument(b, (unsigned)n), param);
}

static struct ir_value *result(struct ir_builder *b, struct event *e)
{
	const struct type *type = kfunc_result_of_all(e->probes, e);
	struct ir_value *v = ir_load(b, 8, ir_ctx(b), arch.retval);

	return type ? mech_extend(b, v, type) : v;
}

struct ir_value *kfunc_regs_load(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	struct event *e = event;

	bool is_result = kfunc_is_result(e, name, is_arg);

	if (is_result && is_arg)
		*type = kfunc_result(e->probes, e->targets.data[0]);
	if (is_result)
		return result(b, event);
	if (is_arg)
		return named_argument(b, event, name, type);
	if (!strcmp(name, "ctx"))
		return ir_ctx(b);
	if (!strcmp(name, "regs"))
		return mech_ctx_regs(b);
	if (!strncmp(name, "arg", 3) && name[3] >= '0' && name[3] <= '9')
		return argument(b, (unsigned)(name[3] - '0'));
	return NULL;
}
