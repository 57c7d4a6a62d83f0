// SPDX-License-Identifier: GPL-2.0-or-later
/* Loads the image's programs. If the verifier refuses one, that is a defect of ply, and its message names the script's line. */
#include "runtime/run.h"

#include "provider/mechanism.h"

#include <bpf/bpf.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { NAME_SIZE = 16, LOG_SIZE = 4 << 20 };

struct program *program_of(const struct image_program *ip)
{
	return ip->mechanism;
}

/* scratch: the descriptor of the scratch map */
static void relocate(struct rt *rt, const struct image_program *ip, struct bpf_insn *insns, unsigned target, int scratch)
{
	vec_foreach(reloc, &ip->relocs) {
		struct bpf_insn *insn = &insns[reloc->insn];
		int fd = (int)reloc->index == ip->scratch ? scratch : rt->maps[reloc->index].fd;

		switch (reloc->kind) {
		case RELOC_MAP:
			insn->src_reg = BPF_PSEUDO_MAP_FD;
			insn->imm = fd;
			break;
		case RELOC_MAP_VALUE:
			insn->src_reg = BPF_PSEUDO_MAP_VALUE;
			insn[0].imm = fd;
			insn[1].imm = (int)reloc->offset;
			break;
		case RELOC_PATCH:
			insn->imm = (int)target;
			break;
		}
	}
}

/* The place in the script that instruction insn came from. */
static struct span span_of(const struct image_program *ip, unsigned insn)
{
	struct span span = ip->funcs.len ? ip->funcs.data[0].span : SPAN_NONE;

	vec_foreach(line, &ip->lines) {
		if (line->insn > insn)
			break;
		span = line->span;
	}
	return span;
}

/* The last instruction that the log shows ("12: (85) call …"), and the last line that is a complaint. */
static int read_log(struct arena *a, const char *log, const char **complaint)
{
	int insn = -1;

	*complaint = NULL;
	for (const char *line = log, *end; *line; line = *end ? end + 1 : end) {
		char *after;
		long n = strtol(line, &after, 10);

		end = line + strcspn(line, "\n");
		if (isdigit((unsigned char)*line) && !strncmp(after, ": (", 3))
			insn = (int)n;
		else if (end > line && !strchr("; \t0123456789", *line) && strncmp(line, "processed ", 10) &&
			 strncmp(line, "verification time", 17) && strncmp(line, "stack depth", 11))
			*complaint = arena_strndup(a, line, (size_t)(end - line));
	}
	return insn;
}

static bool starts_with(const char *text, const char *begin)
{
	return !strncmp(text, begin, strlen(begin));
}

static bool is_too_much(const char *complaint)
{
	return complaint && (starts_with(complaint, "BPF program is too large") || starts_with(complaint, "The sequence of") ||
			     starts_with(complaint, "too many subprograms"));
}

struct load {
	struct rt *rt;
	unsigned number;		/* of the program in the image */
	const struct image_program *ip;
	const struct program *program;
	struct btf_tables *tables;
	struct bpf_insn *insns;
	char name[NAME_SIZE];
	struct bpf_prog_load_opts opts;
};

/* Loads once more, for the verifier's log. */
static void load_for_log(struct load *l, unsigned level, char *log)
{
	int fd;

	*log = 0;
	l->opts.log_level = level;
	l->opts.log_buf = log;
	l->opts.log_size = LOG_SIZE;
	fd = bpf_prog_load(l->program->mechanism->prog_type, l->name, "GPL", l->insns, l->ip->ninsns, &l->opts);
	if (fd >= 0)
		close(fd);
}

static void explain(struct load *l, int error)
{
	enum { STEPS = 1, RESULT = 4 };
	struct rt *rt = l->rt;
	const char *complaint = NULL, *last = NULL;
	char *log = xmalloc(LOG_SIZE);
	int insn = -1;

	/* the log of all steps may be longer than fits, and the complaint stands at its end */
	load_for_log(l, RESULT, log);
	read_log(rt->image->arena, log, &complaint);
	if (rt->opts->verbose || !is_too_much(complaint)) {
		load_for_log(l, STEPS, log);
		insn = read_log(rt->image->arena, log, &last);
	}
	if (rt->opts->verbose)
		fputs(log, stderr);
	complaint = complaint ? complaint : last;
	if (is_too_much(complaint)) {
		diag_error(rt->diag, span_of(l->ip, 0), NULL, "the kernel takes too many steps to check this probe's program");
		diag_hint(rt->diag, "fewer string functions or loops in one probe, or shorter strings (-x strsize=…)");
	} else if (insn >= 0 || complaint) {
		diag_error(rt->diag, span_of(l->ip, insn < 0 ? 0 : (unsigned)insn), NULL,
			   "the kernel refused the program made from this; that is a defect of ply, please report it");
		diag_hint(rt->diag, "instruction %d: %s", insn, complaint ? complaint : strerror(error));
	} else if (error == E2BIG) {
		diag_error(rt->diag, span_of(l->ip, 0), NULL, "the program is larger than the kernel takes (%u instructions)",
			   l->ip->ninsns);
	} else {
		rt_refused(rt, span_of(l->ip, 0), error, "CONFIG_BPF_EVENTS", "cannot load a program for %s",
			   l->program->mechanism->name);
	}
	free(log);
}

/*
 * Functions and lines are told to the kernel where it insists (functions beside the main one), and when it refused a
 * program, so that its log shows the script's lines: making them costs time at every start.
 */
static void tell_functions(struct load *l)
{
	if (!l->tables)
		l->tables = btf_tables_create(l->rt);
	if (!l->tables || l->rt->btf_fd < 0)
		return;
	l->opts.prog_btf_fd = (unsigned)l->rt->btf_fd;
	l->opts.func_info_rec_size = sizeof(struct bpf_func_info);
	l->opts.line_info_rec_size = sizeof(struct bpf_line_info);
	l->opts.func_info = btf_func_info(l->tables, l->number, &l->opts.func_info_cnt);
	l->opts.line_info = btf_line_info(l->tables, l->number, &l->opts.line_info_cnt);
}

/*
 * The kernel does not start a program on top of itself, but may so start copies of it: each has a scratch map of its own, which lives as
 * long as it does.
 */
static int copy_scratch(const struct load *l, struct event *event)
{
	struct map_def *map = l->rt->image->maps.data[l->ip->scratch];
	int fd = map_create(map);

	if (fd < 0)
		rt_refused(l->rt, event->targets.data[0]->span, errno, "CONFIG_BPF_SYSCALL", "cannot make a map for each copy of a program");
	return fd;
}

static int load_copy(struct load *l, struct event *event, unsigned target)
{
	const struct mechanism *mech = l->program->mechanism;
	unsigned ntargets = event ? event->targets.len : 0;
	int id, fd, error, scratch = -1;

	if (mech->btf_id && target < ntargets) {
		id = mech->btf_id(l->rt->probes, event, event->targets.data[target]);
		fd = mech->btf_fd ? mech->btf_fd(l->rt->probes, event, event->targets.data[target]) : 0;
		if (id < 0 || fd < 0)
			return -1;
		l->opts.attach_btf_id = (unsigned)id;
		l->opts.attach_btf_obj_fd = (unsigned)fd;
	}
	if (l->ip->scratch >= 0) {
		scratch = target ? copy_scratch(l, event) : l->rt->maps[l->ip->scratch].fd;
		if (scratch < 0)
			return -1;
	}
	memcpy(l->insns, l->ip->insns, l->ip->ninsns * sizeof(*l->insns));
	relocate(l->rt, l->ip, l->insns, event && target < event->cookies.len ? event->cookies.data[target] : target, scratch);
	fd = bpf_prog_load(mech->prog_type, l->name, "GPL", l->insns, l->ip->ninsns, &l->opts);
	if (fd < 0) {
		error = errno;
		tell_functions(l);
		explain(l, error);
	}
	if (target && scratch >= 0)
		close(scratch);
	return fd;
}

static int load_program(struct load *l)
{
	struct program *p = program_of(l->ip);
	struct event *event = p->events.len ? p->events.data[0] : NULL;
	unsigned copies = p->copies && event ? event->targets.len : 1;

	l->program = p;
	l->opts = (struct bpf_prog_load_opts){
		.sz = sizeof(l->opts), .expected_attach_type = p->mechanism->attach_type,
	};
	snprintf(l->name, sizeof(l->name), "%s", l->ip->name);
	for (char *c = l->name; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '.')
			*c = '_';
	l->insns = xmalloc(l->ip->ninsns * sizeof(*l->insns));
	if (l->ip->funcs.len > 1)
		tell_functions(l);
	for (unsigned t = 0; t < copies; t++) {
		int fd = load_copy(l, event, t);

		if (fd < 0)
			break;
		*arena_vec_add(l->rt->image->arena, &p->prog_fds) = fd;
	}
	free(l->insns);
	return p->prog_fds.len == copies ? 0 : -1;
}

void programs_unload(struct rt *rt)
{
	vec_foreach(ip, &rt->image->programs) {
		struct program *p = program_of(ip);

		for (unsigned i = 0; i < p->prog_fds.len; i++)
			close(p->prog_fds.data[i]);
		p->prog_fds.len = 0;
	}
	if (rt->btf_fd >= 0)
		close(rt->btf_fd);
	rt->btf_fd = -1;
}

/* Leads programs to those that they go on with, which the maps hold from then on. */
static int join_parts(struct rt *rt)
{
	vec_foreach(ip, &rt->image->programs) {
		struct program *rest = program_of(ip)->rest;

		if (!rest)
			continue;
		if (bpf_map_update_elem(rt->maps[ip->rest].fd, &(uint32_t){ 0 }, &rest->prog_fds.data[0], BPF_ANY)) {
			rt_refused(rt, SPAN_NONE, errno, "CONFIG_BPF_JIT", "cannot call one program from another");
			return -1;
		}
		close(rest->prog_fds.data[0]);
		rest->prog_fds.len = 0;
	}
	return 0;
}

int programs_load(struct rt *rt)
{
	struct load l = { .rt = rt };
	int status = 0;

	for (l.number = 0; l.number < rt->image->programs.len && !status; l.number++) {
		l.ip = &rt->image->programs.data[l.number];
		status = load_program(&l);
	}
	btf_tables_destroy(l.tables);
	return status ? status : join_parts(rt);
}
