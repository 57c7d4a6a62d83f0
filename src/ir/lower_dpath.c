// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * path(p): the path of a file, from the kernel's struct path or struct file, as it is seen from the root of all mounts.
 *
 * It is put together from its end: a name, the one of the folder above, and where a file system ends the place that it is
 * mounted on. The kernel has a helper for this, but lets few programs call it.
 */
#include "ir/outline.h"

#include <string.h>

enum { MAX_NAMES = 64 };

struct offsets {
	unsigned mnt, dentry, parent, length, name, root, mount, mount_parent, mountpoint;
};

/* In memory: the text, which ends at bound - 1, where it begins, what is looked at, and what was read. */
struct walk {
	struct offsets at;
	struct memory m;
	unsigned bound, out, pos, dentry, vfsmount, found, word;
};

static unsigned offset_of(struct lower *l, const char *type, const char *member, struct span span)
{
	const struct lower_env *env = l->env_info;
	unsigned size;
	int offset = env->kernel_offset ? env->kernel_offset(env->data, type, member, &size) : -1;

	if (offset < 0)
		diag_error(l->diag, span, "KERNEL_TYPE", "this kernel's BTF has no %s.%s", type, member);
	return offset < 0 ? 0 : (unsigned)offset;
}

static struct offsets find_offsets(struct lower *l, struct span span)
{
	unsigned name = offset_of(l, "dentry", "d_name", span);

	return (struct offsets){
		.mnt = offset_of(l, "path", "mnt", span), .dentry = offset_of(l, "path", "dentry", span),
		.parent = offset_of(l, "dentry", "d_parent", span), .length = name + offset_of(l, "qstr", "len", span),
		.name = name + offset_of(l, "qstr", "name", span), .root = offset_of(l, "vfsmount", "mnt_root", span),
		.mount = offset_of(l, "mount", "mnt", span), .mount_parent = offset_of(l, "mount", "mnt_parent", span),
		.mountpoint = offset_of(l, "mount", "mnt_mountpoint", span),
	};
}

static struct ir_value *read_word(struct lower *l, const struct walk *w, struct ir_value *address, int64_t offset, unsigned size)
{
	memory_set_word(l, &w->m, w->word, ir_const(&l->b, 0));
	ir_call(&l->b, IR_H_probe_read_kernel, ir_padd(&l->b, w->m.base, NULL, w->word), ir_const(&l->b, size),
		ir_binary(&l->b, IR_ADD, address, ir_const(&l->b, offset)));
	return memory_word(l, &w->m, w->word);
}

/* 1 if x is y, without a branch. */
static struct ir_value *is_same(struct lower *l, struct ir_value *x, struct ir_value *y)
{
	return ir_binary(&l->b, IR_XOR, word_is_set(l, ir_binary(&l->b, IR_XOR, x, y)), ir_const(&l->b, 1));
}

static void walk_step(struct lower *l, const struct walk *w, struct rounds *r)
{
	struct ir_builder *b = &l->b;
	const struct offsets *at = &w->at;
	struct ir_value *dentry = memory_word(l, &w->m, w->dentry), *vfsmount = memory_word(l, &w->m, w->vfsmount);
	struct ir_value *mount = ir_binary(b, IR_SUB, vfsmount, ir_const(b, at->mount)), *crosses, *above, *parent, *length, *pos, *place;

	crosses = is_same(l, dentry, read_word(l, w, vfsmount, at->root, 8));
	above = read_word(l, w, mount, at->mount_parent, 8);
	parent = read_word(l, w, dentry, at->parent, 8);
	/* the root of all, or of what is not mounted (any more), or nothing */
	rounds_stop_if(l, r, is_same(l, dentry, ir_const(b, 0)));
	rounds_stop_if(l, r, word_choose(l, crosses, is_same(l, above, mount), is_same(l, parent, dentry)));
	length = word_choose(l, crosses, ir_const(b, 0), read_word(l, w, dentry, at->length, 4));
	pos = ir_binary(b, IR_SUB, memory_word(l, &w->m, w->pos), length);
	pos = ir_binary(b, IR_SUB, pos, word_choose(l, crosses, ir_const(b, 0), ir_const(b, 1)));
	rounds_stop_if(l, r, ir_binary(b, IR_SLT, pos, ir_const(b, 0)));
	place = memory_element(l, &w->m, w->out, 1, ir_binary(b, IR_ADD, pos, ir_const(b, 1)), w->bound);
	ir_call(b, IR_H_probe_read_kernel, place, ir_binary(b, IR_AND, length, ir_const(b, w->bound - 1)),
		read_word(l, w, dentry, at->name, 8));
	/* where nothing was written, to where it does not matter */
	place = memory_element(l, &w->m, w->out, 1, word_choose(l, crosses, ir_const(b, 2 * w->bound - 1), pos), 2 * w->bound);
	ir_store(b, 1, place, 0, ir_const(b, '/'));
	memory_set_word(l, &w->m, w->pos, pos);
	memory_set_word(l, &w->m, w->dentry, word_choose(l, crosses, read_word(l, w, mount, at->mountpoint, 8), parent));
	memory_set_word(l, &w->m, w->vfsmount,
			word_choose(l, crosses, ir_binary(b, IR_ADD, above, ir_const(b, at->mount)), vfsmount));
}

/* A struct file has its path within. */
static struct ir_value *path_address(struct lower *l, const struct expr *e)
{
	const struct type *type = e->args.data[0]->type;
	struct ir_value *p = lower_number(l, e->args.data[0]);

	if (type->kind == TYPE_POINTER && type->target->name && !strcmp(type->target->name, "file"))
		p = ir_binary(&l->b, IR_ADD, p, ir_const(&l->b, offset_of(l, "file", "f_path", e->span)));
	return p;
}

struct value lower_dpath(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	struct ir_value *path = path_address(l, e), *pos, *none;
	struct walk w = { .at = find_offsets(l, e->span), .bound = memory_bound(e->type->size) };
	struct join *lost, *end;
	struct rounds r;

	if (!b->block)
		return (struct value){ .kind = VALUE_MEMORY, .type = e->type, .v = ir_const(b, 0) };
	w.m = memory_create(l, "path");
	w.out = memory_add(&w.m, 2 * w.bound);
	w.word = memory_add_word(l, &w.m, ir_const(b, 0));
	w.pos = memory_add_word(l, &w.m, ir_const(b, w.bound - 1));
	w.dentry = memory_add(&w.m, 8);
	w.vfsmount = memory_add(&w.m, 8);
	memory_set_word(l, &w.m, w.dentry, read_word(l, &w, path, w.at.dentry, 8));
	w.found = memory_add_word(l, &w.m, memory_word(l, &w.m, w.dentry));
	memory_set_word(l, &w.m, w.vfsmount, read_word(l, &w, path, w.at.mnt, 8));
	/* what there is of "/" alone */
	ir_store(b, 1, w.m.base, w.out + w.bound - 2, ir_const(b, '/'));
	ir_store(b, 1, w.m.base, w.out + w.bound - 1, ir_const(b, 0));
	rounds_begin(l, &r, &w.m, MAX_NAMES);
	walk_step(l, &w, &r);
	rounds_end(l, &r);
	lost = join_create(l);
	end = join_create(l);
	lost->block->unlikely = true;
	join_branch(l, memory_word(l, &w.m, w.found), end, lost);
	join_enter(l, lost);
	lower_loss(l, LOSS_READ_FAILED, NULL, e->span);
	join_jump(l, end);
	join_enter(l, end);
	pos = memory_word(l, &w.m, w.pos);
	/* nothing was written: "/", or "" if there was no path */
	none = is_same(l, pos, ir_const(b, w.bound - 1));
	none = ir_binary(b, IR_AND, none, word_is_set(l, memory_word(l, &w.m, w.found)));
	pos = ir_binary(b, IR_SUB, pos, none);
	return lower_part(l, e, lower_address(l, memory_element(l, &w.m, w.out, 1, pos, w.bound)), NULL);
}
