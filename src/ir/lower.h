/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lowering: the checked tree becomes IR.
 *
 * The caller has grouped the script's clauses into events (a set of targets on which the same clauses fire, in the order of
 * the text) and events into programs (what one mechanism loads as one BPF program: mostly one event, for system calls
 * all of them). Lowering asks the mechanism through struct lower_ops how the event that fired is told and how a probe's
 * values are read; everything else is the same for all of them. It decides where variables live, lays out keys, cells and
 * records (ir/layout.h), and leaves all that in the struct lower_result.
 */
#ifndef IR_LOWER_H
#define IR_LOWER_H

#include "ir/build.h"
#include "lang/ast.h"

struct lower_names {
	const char *const *data;
	unsigned len;
};

struct lower_event {
	VEC(struct clause *) clauses;
	void *event;			/* the provider's; handed to the ops */
	struct lower_names absent;	/* variables that are 0 in this event, for which the ops are not asked */
};

enum { NO_TARGET = 0xffffffffU };

struct lower_ops {
	/*
	 * Emits, at the begin of a program, what finds out which of the n events fired, and jumps to blocks[i] for event i and to
	 * `none` where it is none of them. It ends the current block. NULL where a program has one event that always fires.
	 */
	void (*dispatch)(struct ir_builder *b, struct data_def *data, void *const *events, unsigned n,
			 struct ir_block *const *blocks, struct ir_block *none);
	/*
	 * The value of a probe's variable ("arg0", "retval", …) or, with is_arg, of args.NAME in this event. Numbers and pointers: the number, extended to
	 * 64 bits by its own type's sign. Strings, arrays, structs: the address (IR_PTR or IR_I64) of where they are in
	 * kernel memory (user memory if type->user), to be read by probe_read. *type: in, what the checker made of it; out, the type as it
	 * is in this event. NULL if the event has none, which the checker should have found.
	 */
	struct ir_value *(*load)(struct ir_builder *b, void *event, const char *name, bool is_arg,
				 const struct type **type);
	/*
	 * The same value, which is a pointer of the kernel's, as a kernel object that the verifier lets be loaded from (IR_PTR, may be
	 * null). NULL if it is none. May be NULL.
	 */
	struct ir_value *(*object)(struct ir_builder *b, void *event, const char *name, bool is_arg);
	/* The address (an i64) of the registers that the event interrupted, of the kernel or of user code; NULL: the context has none. */
	struct ir_value *(*regs)(struct ir_builder *b);
	/* The number of the target that fired, as clause c calls it (index in the image's targets). */
	struct ir_value *(*target)(struct ir_builder *b, void *event, const struct clause *c);
	/*
	 * The numbers of those targets whose func, probe … (show says which) is the text, for `func == "read"`: stored to numbers (in the
	 * module's arena), how many are given.
	 */
	unsigned (*named)(struct ir_builder *b, void *event, const struct clause *c, enum type_show show, const char *text,
			  unsigned **numbers);
	/*
	 * What the numbers become that `target` gives, so that equal texts are equal numbers in all clauses (entry and return of one function
	 * have one func): table[i] for number *first + i, i < *n, NO_TARGET where the clause has none. NULL: they stay as they are. SHOW_NUMBER:
	 * what the variable id is.
	 */
	const unsigned *(*shared)(void *event, const struct clause *c, enum type_show show, unsigned *first, unsigned *n);
	/* The texts of those numbers: of *first + i in [i], NULL where the clause has no such target. */
	const char *const *(*texts)(void *event, const struct clause *c, enum type_show show, unsigned *first, unsigned *n);

	/* Events whose targets are not known yet, else NULL: whether the clause fires at this one. */
	struct ir_value *(*fires)(struct ir_builder *b, void *event, const struct clause *c);
	/* In the place of `shared`, and what `named` speaks of: the number by which the text is known. */
	struct ir_value *(*shown)(struct ir_builder *b, void *event, enum type_show show);
	/* In the place of `texts`: the address of the text, *size bytes padded with 0. */
	struct ir_value *(*text)(struct ir_builder *b, void *event, enum type_show show, unsigned *size);
};

/* Whether a program may be started on a CPU where it runs already: by an interrupt, or for another task, since it can be preempted. */
enum nesting { NESTS_NOT, NESTS_INTERRUPTS, NESTS_TASKS };

struct lower_program {
	const char *name;		/* at most 15 characters */
	VEC(struct lower_event) events;
	const struct lower_ops *ops;
	void *mechanism;		/* kept in the ir_program */
	bool is_begin, is_end;		/* the exit flag does not stop END; BEGIN runs before all */
	bool can_interrupt;		/* loaded several times, or nests: its cells need atomic adds */
	enum nesting nests;
	bool calls_rest;		/* goes on with another program's clauses, which ir_program->rest leads to */
	bool is_called;			/* is such another: what starts an event has been seen to */
	bool filter_pid;		/* -p applies to its events (not to BEGIN, END and interval) */
	bool is_own;			/* ply starts it itself */
};

/* How user stacks are come by: as is best for the kernel and the machine; by frame pointers, by the kernel; by unwinding in user space. */
enum ustack_mode { USTACK_AUTO, USTACK_FP, USTACK_DWARF };

/* What the running kernel can do and the user asked for. Each is asked from the caller lazily, once. */
struct lower_env {
	void *data;
	bool (*has)(void *data, const char *feature);	/* "atomic_fetch", "task_storage", "loop", "get_current_task_btf", "task_pt_regs", "large_keys", "preemption", "clock_tai" */
	/* pid namespace of this process if it is not the initial one: device and inode for bpf_get_ns_current_pid_tgid */
	uint64_t pidns_dev, pidns_ino;
	/* offset of a member in a kernel struct by BTF ("task_struct", "real_parent"), or -1 */
	int (*kernel_offset)(void *data, const char *type, const char *member, unsigned *size);
	int pid;			/* -p, 0: all */
	unsigned on_cpu;		/* the events of one CPU count, whose number + 1 this is; 0: of all */
	unsigned ntargets;		/* numbers of targets are less */
	unsigned strsize, map_entries, ring_size, ring_reserve, loop_limit, speculations, ncpus;	/* ncpus: possible ones */
	unsigned var_entries;		/* of variables with keys; 0: map_entries */
	enum ustack_mode ustack;
	bool has_uretprobes;
	unsigned ustack_bytes, stack_ring;	/* of stack in a sample; of the ring for samples */
	struct {			/* struct pt_regs; size 0: not known */
		unsigned size, sp, mode, user_mask;	/* as in provider/arch.h */
	} regs;
	int (*reg)(const char *name);	/* the register's place among them, -1: there is none */
	bool json;			/* output wants more than text (typed arguments): records carry cpu */
};

struct lower_result {
	struct ir_module *module;
	struct data_def data;
	VEC(struct var_def *) vars;
	VEC(struct record_def *) records;
	VEC(struct loss_def) losses;
	struct map_def *ring;		/* NULL: nothing is sent */
	struct stacks_def stacks;
};

/* -1, reported on script->diag, if something cannot be lowered. */
int lower_script(struct lower_result *r, struct script *script, const struct lower_program *const *programs, unsigned n,
		 const struct lower_env *env);

#endif
