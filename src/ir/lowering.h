/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of lowering share; nobody else includes it.
 *
 *	lower.c			programs, events, clauses
 *	lower_flow.c		branches and joins: locals as SSA values
 *	lower_stmt.c		statements
 *	lower_loop.c		loops
 *	lower_callback.c	bodies of loops that helpers call back
 *	lower_expr.c		numbers, conditions
 *	lower_string.c		strings and other memory: literals, reading, copying, comparing
 *	lower_dpath.c		the path of a file of the kernel's
 *	lower_joinstr.c		joinstr()
 *	lower_kept.c		strings that are read again
 *	lower_strfn.c		the string functions
 *	lower_bytes.c		values of bytes: buf, network addresses
 *	lower_path.c		those that are about paths
 *	lower_pointer.c		what pointers lead to
 *	lower_search.c		searching in strings, out of line
 *	lower_lltostr.c		numbers as texts, likewise
 *	lower_var.c		variables: where they live, reading and writing
 *	lower_agg.c		aggregations
 *	lower_nest.c		memory for programs that are started on top of themselves
 *	lower_pid.c		processes by number
 *	lower_builtin.c		builtin variables and functions
 *	lower_stack.c		stacks
 *	lower_output.c		actions that send something
 *	lower_d.c		functions of D's
 *	record.c		the record of a clause
 *	layout.c		places in the array maps
 *
 * A local that is a number is an SSA value in `env`, an array that control flow copies and joins; what else a clause
 * carries along (which items its record has, how long its strings are) stands in the same array. A local that is memory
 * is a slot.
 *
 * A value whose computation faulted is not computed at all: the fault has jumped to the end of the clause.
 */
#ifndef IR_LOWERING_H
#define IR_LOWERING_H

#include "ir/lower.h"
#include "lang/symbol.h"

enum { RING_QUERY_AVAIL = 0, RING_NO_WAKEUP = 1, RING_FORCE_WAKEUP = 2 };

enum { KEPT_SIZE = 16 };

/* Places in env; locals follow. */
enum { ENV_PRESENT, ENV_TAIL, ENV_FAULT_KIND, ENV_FAULT_PLACE, ENV_FAULT_VALUE, ENV_LOCALS };

/* _FIRST: where that memory has nothing at the address, the other is tried. */
enum memory_kind { MEMORY_KERNEL, MEMORY_USER, MEMORY_KERNEL_FIRST, MEMORY_USER_FIRST };

struct join_edge {
	struct ir_block *from;
	struct ir_value **env;
	unsigned n;
};

/* The begin of a loop: a PHI for each of the n values of env. */
struct loop_header {
	struct ir_block *block;
	struct ir_value **phis;
	unsigned n;
};

/* A block to be, and the edges that lead there. */
struct join {
	struct ir_block *block;
	VEC(struct join_edge) edges;
};

struct loop {
	struct join *on_break, *on_continue;
	struct loop *outer;
};

enum value_kind { VALUE_NONE, VALUE_NUMBER, VALUE_MEMORY };

/* The value of an expression. */
struct value {
	enum value_kind kind;
	const struct type *type;
	struct ir_value *v;	/* the number, extended to 64 bits; or the address of type->size bytes that can be loaded from */
	bool padded;		/* a string whose bytes behind the 0 are 0 too, to the end of its size */
	bool on_stack;		/* in a slot that may be on the stack: not to be indexed by what is known at run time only */
};

/* A string to work on: its memory, the address of that as a number, its size; the expression if the string is known. */
struct text {
	struct ir_value *v, *address;
	unsigned size;
	const struct expr *literal;
};

struct local {
	const struct symbol *symbol;
	unsigned index;			/* in env */
	struct ir_slot *slot;		/* for memory */
	unsigned writes;		/* assignments in the clause */
	struct ir_value *object;	/* the kernel object that it is set to, once and for all of the clause; NULL: not that */
	struct ir_func *object_in;
	struct local *next;
};

/* The record that the clause being lowered sends: see record.c. */
struct record_builder {
	struct record_def *def;		/* NULL: the clause sends nothing so far */
	struct ir_slot *slot;		/* the record's memory */
	struct ir_value *zero;		/* the ZERO of its fixed part */
	VEC(struct ir_value *) ends;	/* values whose imm holds the header's size in place of fixed_size */
	bool conditional, looped, ordinary, is_full;
	uint64_t control;		/* bits of the items that steer the run */
	unsigned fixed, tail;		/* bytes allocated so far */
	unsigned room;			/* behind fixed, for what the verifier takes for possible */
};

/* A variable's layout while lowering: symbol->layout points at it. */
struct var_plan {
	struct var_def def;
	VEC(const struct lower_program *) updaters;	/* programs whose clauses change it */
	bool atomic;			/* several CPUs or programs change one place */
	bool carries;			/* added to atomically at 64 bits, whatever its type */
	bool kept;			/* KEPT_SIZE more bytes, behind a string, tell where to read it again: lower_kept.c */
	struct span kept_span;		/* where failed reads of it are counted */
};

/* What loops have cost the verifier where it follows their rounds. */
struct loop_cost {
	uint64_t insns, branches;
};

/* What has been read once where all that is lowered sees it; NULL: not yet. */
struct known {
	struct ir_value *comm;		/* the task's name */
	struct ir_value *stack[2];	/* the slots of the kernel's and the user's stack, of so many frames: */
	unsigned frames[2];
};

struct lower {
	struct lower_result *result;
	struct script *script;
	const struct lower_env *env_info;
	struct arena *arena;
	struct diag *diag;
	struct ir_builder b;
	unsigned speculations;		/* data: the numbers in use, as bits; 0: not allocated */
	struct map_def *task_map;
	bool failed;

	/* the program, event and clause being lowered */
	const struct lower_program *program;
	unsigned program_nodes;		/* of the syntax tree, in all of it */
	const struct lower_event *event;
	struct clause *clause;
	struct record_builder rec;
	struct ir_value **env;
	unsigned nenv, env_cap;
	struct local *locals;
	struct join *clause_end;	/* return, faults */
	struct join *fault;		/* D: where faults are told; NULL: they are not */
	const struct callback *fault_callback;	/* the function that it is in */
	struct join *event_end;		/* after exit() */
	struct loop *loop;
	struct loop_cost loops;		/* of the program so far */
	unsigned nest_words;		/* data: lower_nest.c */
	unsigned depth;			/* of conditions around the present statement */
	struct known known;
	struct join *storing;		/* variables on the way to what is written to are made, and if they cannot be it is left out */
	struct ir_slot *scratch;	/* lower_d.c; scratch_used: how much of it was handed out, in env */
	unsigned scratch_used;
	struct ir_slot *strtok;		/* what strtok goes on with */
	struct callback *callback;	/* the loop's body that is a function of its own, if we are in one: see lower_loop.c */
};

/* lower_flow.c */
struct join *join_create(struct lower *l);
/* From the current block to the join, with the locals as they are; ends the block. */
void join_jump(struct lower *l, struct join *j);
/* Likewise to one of two, as cond is not 0 or is. */
void join_branch(struct lower *l, struct ir_value *cond, struct join *then, struct join *otherwise);
/* Goes on at the join, the locals being merged. */
void join_enter(struct lower *l, struct join *j);
/* Goes on in a new block that loop_back comes back to; NULL where nothing is reached. */
struct loop_header *loop_enter(struct lower *l);
void loop_back(struct lower *l, struct loop_header *h);
/* Room in env for one more value, which is `v` from here on; its index. */
unsigned env_add(struct lower *l, struct ir_value *v);
/* The value there; gives back its room, and that of what was added behind it. */
struct ir_value *env_take(struct lower *l, unsigned i);

/* lower.c */
/* Counts a loss at this point of the program. */
void lower_loss(struct lower *l, enum loss_kind kind, const char *name, struct span span);
/* It was none after all. */
void lower_no_loss(struct lower *l, enum loss_kind kind, const char *name, struct span span);
/* The same counter's offset in data. */
/* Likewise of nkinds that follow each other, one counter for each CPU: what D tells. */
unsigned loss_offset_by_cpu(struct lower *l, enum loss_kind kind, unsigned nkinds, const char *name, struct span span);
/* Counts a record that the ring buffer has no room for. */
void lower_ring_full(struct lower *l);
unsigned loss_offset(struct lower *l, enum loss_kind kind, const char *name, struct span span);
/* Reports that ply has no code for what the checker let through, at span; gives a 0. */
struct value lower_unsupported(struct lower *l, struct span span, const char *what);
bool lower_has(struct lower *l, const char *feature);
/* Where a read that failed goes on: at `end`, or, in D, at the clause's end. */
struct join *lower_after_fault(struct lower *l, struct join *end);
/*
 * In D: the clause ends here, what it was to print is forgotten, and the fault is told with the value (NULL: none). False: it is to be
 * counted.
 */
bool lower_fault(struct lower *l, enum d_fault kind, struct ir_value *value, struct span span);
/* A read at that address (NULL: not known) failed: told as a fault, or counted; then on to `end`. */
void lower_read_failed(struct lower *l, enum loss_kind kind, struct ir_value *address, struct span span, struct join *end);

/* lower_nest.c */
/* The begin of a program that may nest: it gets memory of its own, or ends. */
void lower_enter(struct lower *l);
/* Gives that memory back. */
void lower_leave(struct lower *l);

/* lower_stmt.c */
void lower_stmt(struct lower *l, const struct stmt *s);
void lower_list(struct lower *l, const struct stmt *s);

/* lower_callback.c */
/* The address of a slot of this function, or of one that it is called back from. */
struct ir_value *lower_slot_address(struct lower *l, struct ir_slot *slot);
/* What is built from here on is a function with those parameters, of which number `holder` is the helper's context. */
struct callback *callback_begin(struct lower *l, const enum ir_type *params, unsigned nparams, unsigned holder);
/* Ends it at l->loop's joins. What is to be handed to the helper as the context. */
struct ir_value *callback_end(struct lower *l, struct callback *c);
struct ir_func *callback_func(const struct callback *c);
/* Behind the helper's call: the locals as the callback left them; return and exit() are carried on. */
void callback_resume(struct lower *l, struct callback *c);

/* lower_loop.c */
void lower_loop(struct lower *l, const struct stmt *s);
/* len(@m) */
struct ir_value *lower_len(struct lower *l, const struct expr *e);

/* lower_expr.c */
struct value lower_expr(struct lower *l, const struct expr *e);
/* The expression's value as a number. */
struct ir_value *lower_number(struct lower *l, const struct expr *e);
/* Jumps to one of two, by the expression's truth. */
void lower_condition(struct lower *l, const struct expr *e, struct join *then, struct join *otherwise);
struct ir_value *lower_convert(struct lower *l, struct ir_value *v, const struct type *to);
/* Goes on only where y is not 0; where it is, that is the fault of a division by 0 there. */
void lower_divisor(struct lower *l, struct ir_value *y, struct span span);
/* x op y with the given signedness; division by 0 faults. */
struct ir_value *lower_arith(struct lower *l, enum op op, bool is_unsigned, struct ir_value *x, struct ir_value *y,
			     struct span span);
struct value value_number(const struct type *type, struct ir_value *v);

/* lower_string.c */
/* Memory of type->size bytes; strings padded if asked for. */
struct value lower_memory(struct lower *l, const struct expr *e, bool padded);
/* The same in size padded bytes, which are to be stored: what is longer is a string, and cut to them, its final 0 included. */
struct value lower_sized(struct lower *l, const struct expr *e, unsigned size);
/* The same contents in memory of at least `size` bytes. */
struct value memory_resize(struct lower *l, struct value v, unsigned size, bool padded);
struct value string_literal(struct lower *l, const char *text, size_t len, unsigned capacity);
/* New memory for a string; contents are not defined. It can be indexed. */
struct value string_slot(struct lower *l, unsigned capacity, const char *name);
/* Writes the string to `to` (at most capacity bytes with the 0); gives its length with the 0. */
struct ir_value *lower_string_into(struct lower *l, const struct expr *e, struct ir_value *to, unsigned capacity);
/*
 * Copies the string at an address (the kernel's, the user's, or a pointer) to `to`; capacity bounds it. Gives the length with the 0, at
 * least 1; a failed read is counted and gives "".
 */
struct ir_value *read_string(struct lower *l, struct ir_value *to, struct ir_value *capacity, struct ir_value *address,
			     enum memory_kind from, struct span span);
/* Whether the expression reads a string at an address; whether that is the user's. */
bool reads_string(const struct expr *e);
bool reads_user(const struct expr *e);
/* The bytes to read for str(p, n): n + 1, within the capacity. */
struct ir_value *read_capacity(struct lower *l, const struct expr *e, unsigned capacity);
void lower_string_equal(struct lower *l, const struct expr *x, const struct expr *y, struct join *same,
			struct join *different);
/* x op y as a number. */
struct ir_value *lower_string_compare(struct lower *l, enum op op, const struct expr *x, const struct expr *y);

/* lower_kept.c */
/* Whether a variable of the type that is assigned this keeps where it is from. */
bool kept_is_read(const struct lower *l, const struct type *type, const struct expr *value);
/* The whole cell, if the value is such; where that failed the place is kept. */
struct value kept_read(struct lower *l, const struct var_plan *plan, const struct expr *value);
/* Reads the string at the variable's place again, if that is to be done. */
void kept_refresh(struct lower *l, const struct var_plan *plan, struct ir_value *p);

/*
 * lower_search.c: strings are handed over as addresses, with the size of their memory. Places are numbers of bytes from the
 * begin; -1: none.
 */
struct ir_value *lower_address(struct lower *l, struct ir_value *p);
/* A size rounded up to a power of two, at least 8. */
unsigned memory_bound(unsigned size);
/*
 * The first place whose byte is in the set (member) or is not; where the string ends if there is none. With `last` the last
 * place, or -1.
 */
struct ir_value *lower_scan(struct lower *l, struct ir_value *string, unsigned size, struct ir_value *set, unsigned set_size,
			    bool member, bool last);
/* The first place from `from` on (NULL: 0; not behind the end) where the needle is. With `to` the last that is not behind that. */
struct ir_value *lower_search(struct lower *l, const struct text *string, const struct text *needle, struct ir_value *from,
			      struct ir_value *to);
/* The order of the first n characters: -1, 0 or 1. */
struct ir_value *lower_compare(struct lower *l, struct ir_value *x, struct ir_value *y, unsigned size, uint64_t n);
/* 1 if the whole string matches the pattern. */
struct ir_value *lower_glob(struct lower *l, struct ir_value *string, unsigned size, const struct expr *literal);

/* lower_pointer.c */
/* e names memory: p->x, s.x, p[i], a[i], *p. */
bool lower_is_place(const struct expr *e);
/* What lies there. */
struct value lower_place(struct lower *l, const struct expr *e, bool padded);
/* The same, which is no number, in memory; gives a string's length with its 0. */
/* buf(p, n) where n is no constant: as many bytes, at most capacity, to `to`; their number. It can only be printed. */
bool lower_is_open_buf(const struct expr *e);
struct ir_value *lower_buf_into(struct lower *l, const struct expr *e, struct ir_value *to, unsigned capacity);
struct ir_value *lower_place_into(struct lower *l, const struct expr *e, struct ir_value *to, unsigned size);
/* e, a number or a pointer, to be compared with 0 and nothing else: it may be an IR_PTR. */
struct ir_value *lower_tested(struct lower *l, const struct expr *e);
/* The pointer e as a kernel object (IR_PTR, may be null), where it is one; else as a number. */
struct ir_value *lower_object_or_number(struct lower *l, const struct expr *e);
/* D's place = value, place op= value, ++ and --, where the place is memory of a variable or what alloca() and the like gave. */
struct value lower_store(struct lower *l, const struct expr *e);
/* &e */
struct ir_value *lower_place_address(struct lower *l, const struct expr *e);

/* lower_strfn.c: the functions of builtins.def about strings and memory; kind VALUE_NONE if e is none of them. */
struct value lower_string_function(struct lower *l, const struct expr *e, bool padded);
/* The string at an address, or its first n characters (n NULL: all), as the value of e; as much as e's type holds. */
struct value lower_part(struct lower *l, const struct expr *e, struct ir_value *address, struct ir_value *n);
struct ir_value *lower_literal_address(struct lower *l, const char *text);
/* cond ? x : y */
struct ir_value *lower_number_choice(struct lower *l, struct ir_value *cond, struct ir_value *x, struct ir_value *y);
/* At the begin of what fires together: makes room for the call of strtok. */
void lower_strtok_slot(struct lower *l, const struct expr *e);

/* lower_lltostr.c */
struct value lower_lltostr(struct lower *l, const struct expr *e);

/* lower_bytes.c: buf, and addresses of the network; likewise */
struct value lower_bytes_function(struct lower *l, const struct expr *e);

/* lower_dpath.c: path() */
struct value lower_dpath(struct lower *l, const struct expr *e);

/* lower_joinstr.c */
struct value lower_joinstr(struct lower *l, const struct expr *e);

/* lower_path.c: basename, dirname, cleanpath */
struct value lower_path(struct lower *l, const struct expr *e);

/* group.c: makes do with as many maps as a program may have. */
void group_maps(struct lower *l);

/* lower_var.c */
void plan_variables(struct lower *l, const struct lower_program *const *programs, unsigned n);
struct value var_read(struct lower *l, const struct expr *e);
/* e = value, where value is a number or memory of the variable's size. Gives what e has then, without looking for e again. */
struct value var_write(struct lower *l, const struct expr *e, const struct expr *value);
/* e op= by */
struct step {
	enum op op;
	bool is_unsigned;
	struct ir_value *by;
	bool old;		/* the value before is wanted, not the one after */
	struct span span;
};
/* Gives e's new value or its old one. */
struct ir_value *var_step(struct lower *l, const struct expr *e, const struct step *step);
void var_delete(struct lower *l, const struct expr *e);
/*
 * The place of e's value (made if `make`), never null in the block that is then current; where there is none control goes
 * to `none`. Not for locals.
 */
struct ir_value *var_place(struct lower *l, const struct expr *e, bool make, struct join *none);
struct var_plan *var_plan(const struct expr *e);
/* Locals. */
struct local *local_find(struct lower *l, const struct symbol *sym);
/* The key parts of e (an INDEX, or a variable without key): the number of parts. */
enum { MAX_KEY_PARTS = 16 };
unsigned lower_key(struct lower *l, const struct expr *e, struct ir_value **parts);

/* lower_agg.c */
void lower_aggregate(struct lower *l, const struct expr *target, const struct expr *call);
/* The number that an aggregation read in the kernel stands for. */
struct ir_value *agg_read(struct lower *l, const struct type *agg, struct ir_value *cell);

/* lower_builtin.c */
struct value lower_variable(struct lower *l, const struct expr *e, bool padded);
/* The variable's value, a pointer, as a kernel object that can be loaded from (IR_PTR); NULL: it is none. */
struct ir_value *lower_object(struct lower *l, const struct expr *e);
struct value lower_call(struct lower *l, const struct expr *e, bool padded);
/* The number of the target that fired. */
struct ir_value *lower_target(struct lower *l);
/* A member of a kernel object, by BTF; where that does not know it, it is reported. */
struct ir_value *kernel_member(struct lower *l, struct ir_value *object, const char *type, const char *member,
			       struct span span);

/* lower_pid.c: the current process, its thread, and a task's process, as this process's pid namespace numbers them */
struct ir_value *lower_pid(struct lower *l);
struct ir_value *lower_tid(struct lower *l);
/* The address of the registers with which the current task came into the kernel. */
struct ir_value *lower_task_regs(struct lower *l);
struct ir_value *lower_task_pid(struct lower *l, struct ir_value *task, struct span span);

/* lower_stack.c */
/* Makes the maps that the script's stacks need. */
void plan_stacks(struct lower *l, const struct lower_program *const *programs, unsigned n);
/* Notes addresses of user code that formats show. */
void note_addresses(struct lower *l);
/* Whether a key of that type has a stack whose number is another one each time. */
bool stacks_are_new(const struct lower *l, const struct type *t);
struct value lower_stack(struct lower *l, const struct expr *e);
/* How many frames the kernel's or the user's stack has, as far as the kernel walks it: 0 if there is none. */
struct ir_value *lower_stack_depth(struct lower *l, bool user);
/* The address of the stack's second frame, as far as the kernel walks it; 0 if there is none. */
struct ir_value *lower_caller(struct lower *l, bool user);
/* lower_d.c: kind VALUE_NONE, or false, if e is none of them. */
struct value lower_d_function(struct lower *l, const struct expr *e);
bool lower_d_action(struct lower *l, const struct expr *e);
/* commit or discard: the number may be used again. */
void lower_end_speculation(struct lower *l, const struct expr *e);
/* At the begin of what fires together: makes room for calls that ask for memory. */
void lower_scratch_slot(struct lower *l);
/* Where the address leads to in that memory, to be written to; control goes to `fault` if it leads elsewhere. */
struct ir_value *lower_scratch_place(struct lower *l, struct ir_value *address, struct join *fault);
struct ir_value *lower_string_byte(struct lower *l, const struct expr *e);

/* lower_output.c */
/* True if e is a call of an action that sends something; it has then been lowered. */
bool lower_action(struct lower *l, const struct expr *e);
void lower_forget(struct lower *l, const struct symbol *sym, struct span span);
void lower_default_action(struct lower *l);

/* record.c */
/* At the begin of a clause's body. */
void record_begin(struct lower *l);
/* A new item; its fields follow, in order. */
struct record_item *record_item(struct lower *l, enum item_kind kind, struct span span);
/* Adds a field with the expression's value. */
void record_expr(struct lower *l, struct record_item *item, const struct expr *e);
void record_number(struct lower *l, struct record_item *item, const struct type *type, struct ir_value *v);
/* The bytes of the key of an entry of a map. */
void record_key(struct lower *l, struct record_item *item, const struct expr *entry);
/* The string at an address; what comes after it may not run, and then its length is 0. */
void record_string_at(struct lower *l, struct record_item *item, const struct type *type, struct ir_value *address, bool user,
		      struct span span);
/* The item's statement has run. */
void record_done(struct lower *l, struct record_item *item);
/* Sends what the record holds. `continues`: more of this firing follows. */
void record_send(struct lower *l, bool continues);
/* A record of its own: the fault that is in env. */
void record_fault(struct lower *l);
/* At the clause's end: fixes sizes. `straight`: the body has one way through it. */
void record_finish(struct lower *l, bool straight);

#endif
