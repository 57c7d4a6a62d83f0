// SPDX-License-Identifier: GPL-2.0-or-later
/* What mechanisms share. */
#include "provider/mechanism.h"

#include "base/caps.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

const char *mech_probe(const struct target *t)
{
	return t->namings.len ? t->namings.data[0].probe : t->name;
}

static unsigned clause_index(const struct event *e, const struct clause *c)
{
	for (unsigned i = 0; i < e->clauses.len; i++)
		if (e->clauses.data[i] == c)
			return i;
	return 0;
}

int mech_load_empty(enum bpf_prog_type type, const struct bpf_prog_load_opts *opts)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(type, NULL, "GPL", insns, sizeof(insns) / sizeof(*insns), opts);
}

enum nesting mech_nests_in_interrupts(void)
{
	struct dbg_btf *btf = dbg_btf_kernel();

	/* kernels since 6.1 do not start them so, and count that here */
	return btf && dbg_btf_find(btf, "bpf_prog_inc_misses_counter", BTF_KIND_FUNC) ? NESTS_NOT : NESTS_INTERRUPTS;
}

struct ir_value *mech_number(struct ir_builder *b, const struct event *e, const struct clause *c, struct ir_value *first)
{
	int64_t apart = (int64_t)e->numbers.data[clause_index(e, c) * e->targets.len] - e->numbers.data[0];

	return ir_binary(b, IR_ADD, first, ir_const(b, apart));
}

struct ir_value *mech_target_copies(struct ir_builder *b, void *event, const struct clause *c)
{
	const struct event *e = event;

	if (e->targets.len == 1 || !(e->needs & NEED_TARGET))
		return mech_number(b, e, c, ir_const(b, e->numbers.data[0]));
	return mech_number(b, e, c, ir_patch(b, IR_PATCH_TARGET));
}

struct ir_value *mech_ctx_regs(struct ir_builder *b)
{
	return ir_unary(b, IR_ADDRESS, ir_ctx(b));
}

unsigned mech_named(struct ir_builder *b, void *event, const struct clause *c, enum type_show show, const char *text,
		    unsigned **numbers)
{
	const struct event *e = event;

	(void)b;
	return prov_numbers(e->probes, e, c, show, text, numbers);
}

const char *const *mech_texts(void *event, const struct clause *c, enum type_show show, unsigned *first, unsigned *n)
{
	const struct event *e = event;

	return prov_texts(e->probes, e, c, show, first, n);
}

const unsigned *mech_shared(void *event, const struct clause *c, enum type_show show, unsigned *first, unsigned *n)
{
	const struct event *e = event;

	return prov_shared(e->probes, e, c, show, first, n);
}

static struct ir_value *read_number(struct ir_builder *b, enum ir_helper helper, struct ir_value *address, int64_t offset,
				    unsigned size, bool is_signed)
{
	struct ir_value *slot = ir_slot(b, 8, 8, "read"), *v;

	ir_call(b, helper, slot, ir_const(b, size), ir_binary(b, IR_ADD, address, ir_const(b, offset)));
	v = ir_load(b, size, slot, 0);
	return is_signed && size < 8 ? ir_extend(b, IR_SEXT, v, size) : v;
}

struct ir_value *mech_read(struct ir_builder *b, struct ir_value *address, int64_t offset, unsigned size, bool is_signed)
{
	return read_number(b, IR_H_probe_read_kernel, address, offset, size, is_signed);
}

struct ir_value *mech_read_user(struct ir_builder *b, struct ir_value *address, int64_t offset, unsigned size, bool is_signed)
{
	return read_number(b, IR_H_probe_read_user, address, offset, size, is_signed);
}

struct ir_value *mech_pointer_at(struct ir_builder *b, struct ir_value *p, unsigned offset)
{
	struct ir_value *slot = ir_slot(b, 8, 8, "read");

	ir_call(b, IR_H_probe_read_kernel, slot, ir_const(b, 8), ir_padd(b, p, NULL, offset));
	return ir_load(b, 8, slot, 0);
}

struct ir_value *mech_extend(struct ir_builder *b, struct ir_value *v, const struct type *type)
{
	if (!type_is_scalar(type) || type->size >= 8 || !type->size)
		return v;
	return ir_extend(b, type->is_signed ? IR_SEXT : IR_ZEXT, v, type->size);
}

int mech_attach_each(struct probes *p, struct program *program, mech_open_fn *open, const char *(*refusal)(int error),
		     const char *what, const char *option)
{
	struct event *e = program->events.data[0];
	struct name_list refused = { 0 };

	for (unsigned t = 0; t < e->targets.len; t++) {
		struct target *target = e->targets.data[t];
		int fd = open(p, target, program->prog_fds.data[program->copies ? t : 0]);
		const char *why = fd < 0 && refusal ? refusal(-fd) : NULL;

		if (fd >= 0) {
			*arena_vec_add(p->arena, &program->link_fds) = fd;
		} else if (why && target->optional) {
			*arena_vec_add(p->arena, &refused) = target->namings.data[0].func;
		} else {
			errno = -fd;
			return why ? mech_refuse(p, target, why) : mech_attach_error(p, target, what, option);
		}
	}
	return mech_refused(p, e, &refused);
}

int mech_open_bound(struct probes *p, struct target *t, int prog_fd)
{
	(void)p;
	(void)t;
	return bpf_raw_tracepoint_open(NULL, prog_fd);
}

int mech_btf_fd(struct probes *p, const struct target *t, struct dbg_btf *btf)
{
	int fd = dbg_btf_fd(btf);

	return fd >= 0 ? fd : mech_attach_error(p, t, "asking for its module's BTF", "CONFIG_DEBUG_INFO_BTF_MODULES");
}

const char *mech_some(struct arena *a, const struct name_list *names)
{
	enum { SHOWN = 5 };
	const char *text = "";

	for (unsigned i = 0; i < names->len && i < SHOWN; i++)
		text = arena_printf(a, "%s%s%s", text, i ? ", " : "", names->data[i]);
	return names->len > SHOWN ? arena_printf(a, "%s …", text) : text;
}

int mech_refused(struct probes *p, const struct event *e, const struct name_list *refused)
{
	const struct target *t = e->targets.data[0];

	if (refused->len == e->targets.len) {
		diag_error(p->diag, t->span, "ATTACH", "none of these functions can be probed: %s", mech_some(p->arena, refused));
		return -1;
	}
	if (refused->len)
		diag_warning(p->diag, t->span, "ATTACH", "%u of %u functions cannot be probed: %s", refused->len,
			     e->targets.len, mech_some(p->arena, refused));
	return 0;
}

int mech_refuse(struct probes *p, const struct target *t, const char *why)
{
	diag_error(p->diag, t->span, "ATTACH", "%s cannot be probed: %s", mech_probe(t), why);
	return -1;
}

int mech_attach_error(struct probes *p, const struct target *t, const char *what, const char *option)
{
	int error = errno;

	diag_error(p->diag, t->span, "ATTACH", "%s: %s: %s", mech_probe(t), what, strerror(error));
	if (error == EPERM || error == EACCES)
		caps_hint(p->diag);
	else if (option && (error == ENOENT || error == EINVAL || error == EOPNOTSUPP || error == ENODEV))
		diag_hint(p->diag, "the kernel needs to be built with %s", option);
	return -1;
}
