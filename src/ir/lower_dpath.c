// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * path(p): the path of a file, from the kernel's struct path or struct file, or from a struct page of what is cached of it, or of the place where
 * a struct vfsmount is mounted, as it is seen from the root of all mounts.
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

/* -1: there is no such member. */
static int offset_if(struct lower *l, const char *type, const char *member)
{
	const struct lower_env *env = l->env_info;
	unsigned size;

	return env->kernel_offset ? env->kernel_offset(env->data, type, member, &size) : -1;
}

static unsigned offset_of(struct lower *l, const char *type, const char *member, struct span span)
{
	int offset = offset_if(l, type, member);

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

static bool points_to(const struct expr *e, const char *name)
{
	const struct type *type = e->args.data[0]->type;

	return type->kind == TYPE_POINTER && type->target->name && !strcmp(type->target->name, name);
}

static struct ir_value *minus(struct lower *l, struct ir_value *x, int64_t n)
{
	return ir_binary(&l->b, IR_SUB, x, ir_const(&l->b, n));
}

/*
 * The first of pages that belong together. The others lead to it, their lowest bit set: by its address or (Linux 7, compound_info) a mask
 * for their own, whose upper bits are all set as no address's are there.
 */
static struct ir_value *first_page(struct lower *l, const struct walk *w, struct ir_value *page, struct span span)
{
	struct ir_builder *b = &l->b;
	int masked = offset_if(l, "page", "compound_info");
	struct ir_value *lead = read_word(l, w, page, masked >= 0 ? (unsigned)masked : offset_of(l, "page", "compound_head", span), 8);
	struct ir_value *first = minus(l, lead, 1);

	if (masked >= 0)
		first = word_choose(l, ir_binary(b, IR_EQ, ir_binary(b, IR_LSHR, lead, ir_const(b, 40)), ir_const(b, 0xffffff)),
				    ir_binary(b, IR_AND, page, lead), first);
	return word_choose(l, ir_binary(b, IR_AND, lead, ir_const(b, 1)), first, page);
}

/* A name of the file that the page caches, 0: it caches none. What is not there reads as 0, all along. */
static struct ir_value *dentry_of_page(struct lower *l, const struct walk *w, struct ir_value *page, struct span span)
{
	struct ir_builder *b = &l->b;
	int moved = offset_if(l, "page", "mapping"), alias = offset_if(l, "dentry", "d_u");
	struct ir_value *mapping, *inode, *first;

	page = first_page(l, w, page, span);
	mapping = read_word(l, w, page, moved >= 0 ? (unsigned)moved : offset_of(l, "folio", "mapping", span), 8);
	/* flags in the lowest bits: it is no file's */
	mapping = word_choose(l, word_is_set(l, ir_binary(b, IR_AND, mapping, ir_const(b, 3))), ir_const(b, 0), mapping);
	inode = read_word(l, w, mapping, offset_of(l, "address_space", "host", span), 8);
	first = read_word(l, w, inode, offset_of(l, "inode", "i_dentry", span), 8);
	return word_choose(l, word_is_set(l, first), minus(l, first, alias >= 0 ? alias : (int)offset_of(l, "dentry", "d_alias", span)), ir_const(b, 0));
}

/* One of the places where the file system of it is mounted: they are a list, through the mounts themselves since Linux 6.18. */
static struct ir_value *mount_of(struct lower *l, const struct walk *w, struct ir_value *dentry, struct span span)
{
	struct ir_value *super = read_word(l, w, dentry, offset_of(l, "dentry", "d_sb", span), 8);
	struct ir_value *mounts = read_word(l, w, super, offset_of(l, "super_block", "s_mounts", span), 8);
	int link = offset_if(l, "mount", "mnt_instance");

	return minus(l, mounts, (link >= 0 ? link : 0) - (int64_t)w->at.mount);
}

/* What the walk begins with. */
static void set_begin(struct lower *l, const struct expr *e, struct walk *w)
{
	struct ir_value *p = lower_number(l, e->args.data[0]), *dentry;

	if (points_to(e, "page")) {
		dentry = dentry_of_page(l, w, p, e->span);
		memory_set_word(l, &w->m, w->dentry, dentry);
		memory_set_word(l, &w->m, w->vfsmount, mount_of(l, w, dentry, e->span));
		return;
	}
	/* where it is mounted */
	if (points_to(e, "vfsmount")) {
		memory_set_word(l, &w->m, w->dentry, read_word(l, w, p, w->at.root, 8));
		memory_set_word(l, &w->m, w->vfsmount, p);
		return;
	}
	/* a struct file has its path within */
	if (points_to(e, "file"))
		p = ir_binary(&l->b, IR_ADD, p, ir_const(&l->b, offset_of(l, "file", "f_path", e->span)));
	memory_set_word(l, &w->m, w->dentry, read_word(l, w, p, w->at.dentry, 8));
	memory_set_word(l, &w->m, w->vfsmount, read_word(l, w, p, w->at.mnt, 8));
}

/* There is no path: a page need not have one, else it could not be read. */
static void set_none(struct lower *l, const struct expr *e, const struct walk *w)
{
	static const char none[8] = "<none>";
	int64_t word;

	if (!points_to(e, "page")) {
		lower_loss(l, LOSS_READ_FAILED, NULL, e->span);
		return;
	}
	memcpy(&word, none, sizeof(word));
	ir_store(&l->b, 8, w->m.base, w->out + w->bound - sizeof(none), ir_const(&l->b, word));
	memory_set_word(l, &w->m, w->pos, ir_const(&l->b, w->bound - (int64_t)sizeof(none)));
}

struct value lower_dpath(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	struct ir_value *pos, *none;
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
	set_begin(l, e, &w);
	w.found = memory_add_word(l, &w.m, memory_word(l, &w.m, w.dentry));
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
	set_none(l, e, &w);
	join_jump(l, end);
	join_enter(l, end);
	pos = memory_word(l, &w.m, w.pos);
	/* nothing was written: "/", or "" if there was no path */
	none = is_same(l, pos, ir_const(b, w.bound - 1));
	none = ir_binary(b, IR_AND, none, word_is_set(l, memory_word(l, &w.m, w.found)));
	pos = ir_binary(b, IR_SUB, pos, none);
	return lower_part(l, e, lower_address(l, memory_element(l, &w.m, w.out, 1, pos, w.bound)), NULL);
}
