/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of this folder share: the state of one run, and the doors of each file.
 */
#ifndef RUNTIME_RUN_H
#define RUNTIME_RUN_H

#include "base/strmap.h"
#include "runtime/session.h"
#include "runtime/text.h"

struct dtrace_state;
struct pending;
struct program;
struct record_state;
struct ring_buffer;
struct style;
struct var_state;

/* Where the script's output goes. */
struct out {
	int fd;
	int first_fd;			/* where output went before freopen(); -1: nowhere else */
	struct text text;		/* not yet written */
	bool gone;			/* the reader went away: the run ends, and nothing more is written */
	int error;			/* errno of a failed write */
	int full;			/* errno of one that found no room: what is lost by it is counted, and ply goes on */
	uint64_t lost;			/* lines that were */
	uint64_t flushed;		/* when, CLOCK_MONOTONIC in ns */
	uint64_t written;		/* bytes */
	uint64_t block_end;		/* where the last block (a table, a histogram) ended, in bytes from the beginning */
};

/* A map in the kernel. */
struct rt_map {
	int fd;				/* what programs refer to; of a map with an outer map of its own, that */
	int inner, spare;		/* map_is_inner: the map in use; swapped: an empty one to take its place; else -1 */
	char *memory;			/* mmapable: the value */
	size_t size;
};

/* A record that waits. */
struct held_record {
	void *data;
	size_t size;
};

/* A program that a timer starts. */
struct timer {
	int fd, prog_fd;
};

/* RUNNING, or why it ends: exit(); a signal, the time, the process or the reader gone; an error, reported */
enum rt_end { RUNNING, END_EXIT, END_OUTSIDE, END_FAILED };

struct rt {
	struct image *image;
	struct probes *probes;
	const struct rt_options *opts;
	struct diag *diag;
	const struct style *style;
	struct rt_map *maps;		/* by index, as image->maps */
	unsigned ncpus;			/* possible CPUs */
	char *data;			/* data.map's value; scratch if the image has none */
	int btf_fd;			/* functions and lines; -1 if there is none */
	struct ring_buffer *ring;
	uint64_t drain_begun;		/* events.c */
	unsigned drained;
	bool drain_all;
	uint64_t error_faults;		/* D: faults of ERROR's clauses, which nothing handles */
	bool faulted;			/* what ERROR's clauses send comes before what is in the ring already: */
	VEC(struct held_record) held;	/* that */
	struct out out;
	struct var_state *vars;		/* by id */
	struct strmap alike;		/* alike.c: by text, the number that stands for it */
	struct record_state *records;	/* by id: formats taken apart */
	uint64_t *told;			/* what losses the style knows of: loss.c */
	struct pending *pending;	/* text of firings that sent a part so far */
	uint64_t pending_looked;	/* when it was looked for what does not go on */
	struct text *speculations;	/* by number: what is kept back; 0: nowhere */
	struct rt_dtrace dtrace;	/* as the program has set them by now */
	struct dtrace_state *dtrace_state;	/* print_dtrace.c */
	VEC(struct timer) timers;
	int epoll_fd, signal_fd, timeout_fd;	/* -1: not open */
	VEC(int) process_fds;			/* as opts->processes; -1: it has ended */
	unsigned alive;				/* of them */
	enum rt_end end;
	int interrupted;		/* the signal that ended the run; 0: none did */
	unsigned attached;		/* number of targets */
};

/* exit() ran in some program. */
static inline bool rt_exited(const struct rt *rt)
{
	return __atomic_load_n((uint64_t *)(rt->data + DATA_EXIT), __ATOMIC_SEQ_CST) != 0;
}

/* maps.c */
int maps_create(struct rt *rt);
void maps_destroy(struct rt *rt);
/* A map alone; -1 with errno. */
int map_create(struct map_def *map);
/* Puts an empty map in the place of a swapped one and gives the old one, which no program uses any more; -1, reported. */
int map_swap(struct rt *rt, struct map_def *map);
/* errno as a reason why the kernel refused `what`: a missing capability or CONFIG_ is named. */
void rt_refused(struct rt *rt, struct span span, int error, const char *config, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* load.c */
int programs_load(struct rt *rt);
void programs_unload(struct rt *rt);
struct program *program_of(const struct image_program *ip);

/* btf.c: line and function information for the kernel. */
struct btf_tables;
struct btf_tables *btf_tables_create(struct rt *rt);
void btf_tables_destroy(struct btf_tables *t);
/* For program n of the image: arrays of bpf_func_info and bpf_line_info. */
const void *btf_func_info(const struct btf_tables *t, unsigned n, unsigned *count);
const void *btf_line_info(const struct btf_tables *t, unsigned n, unsigned *count);
/* A BTF object with a u32 (type 1) and an array of `size` bytes (type 2), which task storage asks for; -1 with errno. */
int btf_storage_types(unsigned size);

/* attach.c */
int programs_attach(struct rt *rt);
void programs_detach(struct rt *rt);
/* Runs all programs of BEGIN, or END, once. */
int programs_begin(struct rt *rt);
int programs_end(struct rt *rt);
/* The clauses on D's ERROR, with those arguments. False: there are none. */
bool programs_run_error(struct rt *rt, const uint64_t *args, unsigned nargs);
int program_run(int prog_fd);
/* Returns when no program that was running is running any more; with the exit flag set, none is at all. */
void programs_quiesce(struct rt *rt);

/* events.c */
int events_open(struct rt *rt);
void events_close(struct rt *rt);
/* Prints what is in the ring, for at most about a tenth of a second unless `all`. */
void events_drain(struct rt *rt, bool all);

/* decode.c */
int decode_init(struct rt *rt);
void decode_deinit(struct rt *rt);
void decode_record(struct rt *rt, const void *data, size_t size);
/* The record is one of the clauses on D's ERROR. */
bool decode_is_error(const struct rt *rt, const void *data, size_t size);
/* Prints what parts of firings are left whose last record never came. */
void decode_flush(struct rt *rt);
/* … whose next record has not come for a while: it was lost, and what is there is not kept back any longer. */
void decode_tend(struct rt *rt, uint64_t now);

/* out.c */
int out_open(struct rt *rt);
void out_close(struct rt *rt);
/* From here on output goes to the file of that name; "": to where it went first. */
void out_reopen(struct rt *rt, const char *path);
/* Forgets what the output file holds, if it is one. */
void out_truncate(struct rt *rt);
/* Writes what is there. */
void out_flush(struct rt *rt);
void out_report(struct rt *rt);		/* what found no room in the file, if anything */
uint64_t now_ns(void);

/* timers.c */
int timers_start(struct rt *rt);
void timers_stop(struct rt *rt);
/* Runs the timer's program, once, however late it is. */
void timer_fire(struct rt *rt, const struct timer *timer);

/* signals.c */
int signals_open(struct rt *rt);
void signals_close(struct rt *rt);
/* The signal that ends the run, 0: none has come. */
int signals_ended_by(void);
/* Whether SIGUSR1 came since it was asked last. */
bool signals_take_report(struct rt *rt);

/* loop.c */
/* Signals, timers and processes are watched from here on: Ctrl-C ends the run, no more the process. */
int loop_open(struct rt *rt);
/* Until the run ends. */
void loop_run(struct rt *rt);
void loop_close(struct rt *rt);

/* child.c */
void child_release(struct rt_child *child);
/* It ended: tells how on stderr, if it is not a success. */
void child_report(struct rt_child *child, const struct rt_options *opts);

/* loss.c */
void losses_report(struct rt *rt);

#endif
