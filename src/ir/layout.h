/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Layouts: how data lies in kernel memory, described once for the code that writes it (lowering) and the code that reads
 * it (the runtime).
 *
 *	struct map_def		a BPF map, its key split into fields
 *	struct var_def		a variable of the script that outlives a firing: where it is kept, how it is printed
 *	struct record_def	the record a clause sends: a header, fixed fields, then the strings' bytes
 *	struct data_def		the array maps with everything unkeyed: "data" (variables, counters, tables) and "cells" (per CPU)
 *
 * All integers lie in the machine's byte order.
 */
#ifndef IR_LAYOUT_H
#define IR_LAYOUT_H

#include "base/source.h"
#include "lang/type.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum map_kind {
	MAP_ARRAY, MAP_HASH, MAP_PERCPU_HASH, MAP_TASK_STORAGE, MAP_RINGBUF, MAP_PROG_ARRAY, MAP_OUTER,
};

/* A part of a key. Gaps between fields are zeroed by whoever builds the key. */
struct key_field {
	unsigned offset, size;
	bool memory;		/* the part is handed over by address (strings, blobs), else as a number */
};

struct map_def {
	const char *name;	/* the script's name for -d and messages ("@counts"); the kernel gets its letters */
	unsigned index;		/* in the module's and the image's list */
	enum map_kind kind;
	unsigned key_size, value_size, entries;
	VEC(struct key_field) key;
	bool mmapable;		/* ARRAY: user space reads and writes it by mmap */
	/*
	 * ARRAY only: the value is `stride` bytes for each possible CPU (counted up to a power of two). A program reaches its
	 * CPU's part at DATA + percpu_base + (cpu & (ncpus_pow2 - 1)) * stride. value_size includes all of it.
	 */
	unsigned percpu_base, stride;
	/* HASH, PERCPU_HASH: the map is the inner one of a map-in-map, which user space replaces to forget all keys */
	bool swapped;
	/* HASH, PERCPU_HASH: the OUTER map, if there is one that several inner maps share, and the map's place there (ir/group.c) */
	struct map_def *outer;
	unsigned place;
	/* HASH: entries are allocated beforehand even if that is much, as the kernel may have no memory at hand where programs need one */
	bool ready;
	/*
	 * u64 counters in data: entries refused since the map was full, and behind it those that the kernel could not make at
	 * that moment (of task storage only the latter, at drops); -1: none
	 */
	int64_t drops;
	unsigned drops_stride;		/* each CPU has its own counters, so far apart; 0: all share them */
	/* as many zero bytes in data as the value has, for making entries of values that are large; -1: none */
	int64_t zeros;
	struct span span;	/* the first use in the script */
};

/* Programs look the map up in another one. */
static inline bool map_is_inner(const struct map_def *map)
{
	return map->swapped || map->outer;
}

/*
 * data: one array map of one value.
 *
 *	0	u64	exit: not 0 once exit() ran; every program but END tests it first
 *	8	s64	the exit status
 *	16	u64	ktime_get_ns() when the run began, for `elapsed`; written by user space
 *	24	u64	realtime minus ktime_get_ns(), for `walltimestamp`; written by user space
 *	32	…	shared variables, drop counters, tables, zeros, allocated in order
 *
 * cells: another array map of one value, stride bytes for each CPU: the cells of unkeyed per-CPU variables, a copy for each
 * program that updates them. NULL if there are none.
 */
enum { DATA_EXIT = 0, DATA_STATUS = 8, DATA_START = 16, DATA_WALL = 24, DATA_FIRST = 32 };

/* size bytes that stand at offset of data before the first program runs */
struct data_bytes {
	unsigned offset, size;
	const void *bytes;
};

struct data_def {
	struct map_def *map, *cells;
	unsigned used;			/* bytes allocated in map */
	unsigned percpu_used;		/* bytes allocated in each CPU's part of cells */
	unsigned ncpus;			/* possible CPUs counted up to a power of two */
	/* initial contents, other than 0 */
	VEC(struct data_bytes) inits;
};

/* Allocates size bytes (a multiple of 8 is taken) and gives their offset. */
unsigned data_alloc(struct data_def *d, unsigned size);
unsigned data_alloc_percpu(struct data_def *d, unsigned size);
/* Allocates and initialises. The bytes are kept, not copied. */
unsigned data_init(struct arena *a, struct data_def *d, const void *bytes, unsigned size);
/* Likewise for a table of n elements, with room for all that ir_element() may look at. */
unsigned data_init_table(struct arena *a, struct data_def *d, const void *bytes, unsigned n, unsigned width);
/* So many elements: the least power of two that is not below n. */
unsigned data_table_room(unsigned n);
/* Fixes the stride of cells; nothing more may be allocated per CPU. Fixes the size of data. */
void data_finish_percpu(struct data_def *d);
void data_finish(struct data_def *d);

enum var_storage {
	VAR_DATA,		/* shared: one value at data + offset */
	VAR_PERCPU,		/* map: data.cells; `cells` cells at percpu_base + cpu * stride + offset, cell_size apart */
	VAR_MAP,		/* map: HASH (shared values) or PERCPU_HASH (values of `cells` cells, cell_size apart) */
	VAR_TASK,		/* task storage, never printed */
};

struct var_def {
	const char *name;	/* as written: "@", "@counts", "x", "self->ts" */
	unsigned id;		/* number that records refer to */
	enum var_storage storage;
	struct map_def *map;
	unsigned offset;
	unsigned cells, cell_size;
	/* the type of the key: NULL if there is none, a TYPE_TUPLE if there are several parts; map->key has their places */
	const struct type *key;
	const char *key_names;	/* as the script spells the key ("func", "pid, comm"), for the heading; may be NULL */
	const struct type *value;	/* TYPE_AGG for aggregations */
	bool print_at_end;	/* @ maps that are not working storage */
	bool deleted;		/* without keys, and some clause deletes it: at the end it is not there while it is 0 */
	bool sampled;		/* its key has a stack that is another one each time: user space takes the entries out */
	unsigned room;		/* sampled: for so many keys there */
	struct span span;
};

/*
 * Stacks: values of 8 bytes (TYPE_STACK), STACK_NONE, STACK_LOST or a number by which user space finds the frames. The maps
 * `kernel` and `user` hold, by frames, the number that they were given when they were first seen: the key is the addresses,
 * innermost first, filled up with 0 (of user code, behind a struct user_stack); the value is the number: the time (ktime_get_ns) in its upper bits.
 * An entry may be taken out: the same frames then get another number.
 */
enum { STACK_NONE = 0, STACK_LOST = 1, STACK_TIME_SHIFT = 10 };

struct user_stack {
	uint64_t pid;			/* as this process sees it */
	uint64_t mm;			/* differs from program to program that the process runs */
};

/*
 * Where user stacks are unwound in user space, each is sent by itself through the ring `samples`: the registers as the kernel saved them
 * (struct pt_regs), and the memory from SAMPLE_BELOW bytes below the stack pointer (rounded down to 8) on, to the end of a page: what a
 * function has just taken from the stack is still found there. Where a uretprobe waits for a function to return, its return address is not on
 * the stack: `returns` has those of the innermost calls, if the script has such probes.
 */
enum { SAMPLE_RETURNS = 8 };

struct stack_sample {
	uint64_t number, pid;
	unsigned char regs[168];
	uint64_t nreturns;
	struct { uint64_t at, address; } returns[SAMPLE_RETURNS];
	unsigned char stack[];
};
enum { SAMPLE_PAGE = 4096, SAMPLE_BELOW = 128 };

struct stacks_def {
	struct map_def *kernel, *user;	/* NULL: the script has none */
	struct map_def *samples;
	unsigned kernel_frames, user_frames;	/* in a key */
	bool cut;			/* that is fewer than are wanted, since the kernel takes no larger keys */
	unsigned sample_frames;		/* to be found in a sample, at most */
	unsigned sample_size;		/* of the largest sample */
	unsigned made;			/* u64 counter in data: entries made so far */
	unsigned sent;			/* u64 counter in data: samples sent so far */
	bool has_user;			/* addresses of user code are shown */
	bool lines;			/* with lines of the source, and inlined functions (-x lines) */
};

/*
 * A record: struct record_header, then fields at fixed offsets from the record's begin, then the bytes of strings in the
 * order they were computed. A clause sends one record a firing; what is printed in a loop, one record an iteration, all
 * but the last with RECORD_CONTINUES set.
 *
 * present has a bit for each item of the record_def: set if the item's statement ran.
 */
struct record_header {
	uint16_t record;	/* index in the image's records */
	uint16_t cpu;
	uint32_t target;	/* number of the target that fired (image's targets) */
	uint64_t present;
};

/* D's speculations are numbered below that; 0 is none. */
enum { SPECULATIONS = 64 };
enum { RECORD_CONTINUES = 0x8000 };	/* in .record */

enum field_place {
	FIELD_FIXED,		/* size bytes at offset */
	FIELD_TAIL,		/* u32 at offset: position from fixed_size on << 16 | length with the 0 (0: empty string, no bytes) */
};

struct record_field {
	enum field_place place;
	unsigned offset, size;	/* size: of the value; of strings their capacity with the 0 */
	const struct type *type;
};

enum item_kind {
	ITEM_PRINTF,		/* format and fields */
	ITEM_ERRORF, ITEM_WARNF,	/* format and fields, to stderr */
	ITEM_PRINT,		/* print(x), trace(x): one field, in its natural form, then a newline (PRINT) */
	ITEM_PRINT_MAP,		/* print(@m[, top[, div]]): var, and fields top and div if given */
	ITEM_PRINT_ENTRY,	/* print(@m[k]) of what is no single number, or of several entries that show as one: var, and a field with the key's bytes */
	ITEM_PRINTA,		/* printa: format (may be NULL), vars */
	ITEM_CLEAR, ITEM_ZERO, ITEM_TRUNC, ITEM_NORMALIZE, ITEM_DENORMALIZE,	/* var, and the number if there is one */
	ITEM_EXIT,		/* fields: status */
	ITEM_TIME,		/* time(fmt): format; field: walltime in ns */
	ITEM_JOIN, ITEM_CAT, ITEM_SYSTEM, ITEM_FREOPEN,	/* format and fields */
	ITEM_TRACE,		/* as PRINT, without the newline */
	ITEM_PROBE,		/* the default action: the probe's name */
	ITEM_FTRUNCATE,		/* empties the output file */
	ITEM_SETOPT,		/* fields: name and value of an option, as strings */
	ITEM_SPECULATE,		/* field: a speculation. What the record prints is kept back until COMMIT, or forgotten at DISCARD */
	ITEM_COMMIT, ITEM_DISCARD,
	ITEM_FAULT,		/* a fault ended a clause of a D program; fields: enum d_fault, where what did it begins (span.begin), the address */
};

/* Faults as D numbers them. */
enum d_fault { FAULT_ADDRESS = 1, FAULT_DIVISION = 4, FAULT_SCRATCH = 5 };

struct record_item {
	enum item_kind kind;
	const char *format;		/* checked; may be NULL */
	VEC(struct record_field) fields;
	VEC(unsigned) vars;		/* ids of variables */
	struct span span;		/* the statement */
};

struct record_def {
	unsigned id;
	unsigned clause;		/* number of the clause in the script, from 0 */
	unsigned fixed_size, max_size;	/* without and with the strings */
	VEC(struct record_item) items;
};

/* As text, for -d records; vars: names of variables by number. */
void record_print(FILE *out, struct arena *a, const struct record_def *r, const char *const *vars);

/* What is counted as lost while running, each with its place; user space reads the counters and reports. */
enum loss_kind {
	LOSS_RING_FULL, LOSS_MAP_FULL, LOSS_MAP_BUSY, LOSS_READ_FAILED, LOSS_USER_STRING, LOSS_DIVISION, LOSS_LOOP_LIMIT,
	LOSS_STACK, LOSS_SAMPLE, LOSS_SCRATCH, LOSS_SPECULATION, LOSS_NESTED, LOSS_CONTENTION,
};
struct loss_def {
	enum loss_kind kind;
	unsigned offset;		/* of the u64 counter in data */
	unsigned cpus, stride;		/* how many CPUs have one each, and how far apart; 1: all share it */
	const char *name;		/* the map's name; NULL where the place says all */
	struct span span;
};

#endif
