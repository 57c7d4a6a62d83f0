// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records: one is what a clause sent in one firing. Each of its items whose statement ran is printed or, if it is about
 * a variable or the run, done; so everything happens in the order of the script.
 */
#include "runtime/printa.h"
#include "runtime/printf.h"
#include "runtime/style.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_FIELDS = FORMAT_ARGS_MAX, CAT_MAX = 1 << 20 };

struct record_state {
	struct format **formats;	/* by item; NULL where there is none */
	bool holds;			/* prints a variable that it clears afterwards */
};

/* Text of a firing whose last record has not come yet. */
struct pending {
	unsigned cpu, clause;
	struct text text;
	bool stale;			/* nothing came since it was looked at last */
	struct pending *next;
};

enum { STALE_NS = 400000000 };

static bool is_formatted(enum item_kind kind)
{
	switch (kind) {
	case ITEM_PRINTA: case ITEM_PRINTF: case ITEM_ERRORF: case ITEM_WARNF: case ITEM_CAT: case ITEM_SYSTEM: case ITEM_FREOPEN:
		return true;
	default:
		return false;
	}
}

static bool forgets(enum item_kind kind)
{
	return kind == ITEM_CLEAR || kind == ITEM_ZERO || kind == ITEM_TRUNC;
}

static bool prints_map(enum item_kind kind)
{
	return kind == ITEM_PRINT_MAP || kind == ITEM_PRINT_ENTRY || kind == ITEM_PRINTA;
}

static int init_record(struct rt *rt, const struct record_def *def, struct record_state *s)
{
	struct arena *a = rt->image->arena;
	bool prints = false;

	s->formats = arena_array(a, struct format *, def->items.len);
	for (unsigned i = 0; i < def->items.len; i++) {
		const struct record_item *item = &def->items.data[i];

		s->holds |= prints && forgets(item->kind);
		prints |= prints_map(item->kind);
		if (!item->format || !is_formatted(item->kind))
			continue;
		s->formats[i] = arena_new(a, struct format);
		if (!format_parse(a, item->format, strlen(item->format), s->formats[i], NULL) ||
		    (item->kind != ITEM_PRINTA && s->formats[i]->nargs > item->fields.len) || item->fields.len > MAX_FIELDS) {
			diag_error(rt->diag, item->span, NULL, "this format cannot be printed");
			return -1;
		}
	}
	return 0;
}

int decode_init(struct rt *rt)
{
	unsigned n = rt->image->records.len;

	static const struct style *const styles[] = {
		[RT_TEXT] = &style_text, [RT_JSON] = &style_json, [RT_DTRACE] = &style_dtrace,
	};

	rt->style = styles[rt->opts->style];
	rt->dtrace = rt->opts->dtrace;
	rt->image->d_text = rt->opts->style == RT_DTRACE;
	rt->records = arena_array(rt->image->arena, struct record_state, n);
	for (unsigned i = 0; i < n; i++)
		if (init_record(rt, rt->image->records.data[i], &rt->records[i]))
			return -1;
	return 0;
}

void decode_deinit(struct rt *rt)
{
	for (struct pending *p = rt->pending, *next; p; p = next) {
		next = p->next;
		text_deinit(&p->text);
		free(p);
	}
	rt->pending = NULL;
	for (unsigned i = 0; rt->speculations && i < SPECULATIONS; i++)
		text_deinit(&rt->speculations[i]);
}

static struct pending **find_pending(struct rt *rt, unsigned cpu, unsigned clause)
{
	struct pending **p = &rt->pending;

	while (*p && ((*p)->cpu != cpu || (*p)->clause != clause))
		p = &(*p)->next;
	return p;
}

static struct text *pending_text(struct rt *rt, unsigned cpu, unsigned clause)
{
	struct pending **p = find_pending(rt, cpu, clause);

	if (!*p) {
		*p = xcalloc(1, sizeof(**p));
		(*p)->cpu = cpu;
		(*p)->clause = clause;
	}
	(*p)->stale = false;
	return &(*p)->text;
}

static void finish_pending(struct rt *rt, struct pending **p)
{
	struct pending *done = *p;

	*p = done->next;
	text_add(&rt->out.text, done->text.data, done->text.len);
	text_deinit(&done->text);
	free(done);
}

static void give_up(struct rt *rt, struct pending **p)
{
	finish_pending(rt, p);
	if (rt->style->end)
		rt->style->end(rt, &rt->out.text);
}

void decode_flush(struct rt *rt)
{
	while (rt->pending)
		give_up(rt, &rt->pending);
}

void decode_tend(struct rt *rt, uint64_t now)
{
	if (!rt->pending || now - rt->pending_looked < STALE_NS)
		return;
	rt->pending_looked = now;
	for (struct pending **p = &rt->pending; *p;) {
		if ((*p)->stale) {
			give_up(rt, p);
		} else {
			(*p)->stale = true;
			p = &(*p)->next;
		}
	}
}

/* One record while it is looked at. */
struct record {
	struct rt *rt;
	const struct record_def *def;
	const struct record_state *state;
	struct record_header header;
	const char *base;
	size_t size;
	struct text *to;
};

static const struct type *type_of(const struct record_field *f)
{
	return f->type ? f->type : &type_s64;
}

static struct value field_value(const struct record *r, const struct record_field *f)
{
	struct value v = { .type = type_of(f), .bytes = "", .size = 0 };
	uint32_t tail, position, len;

	if (f->offset + (f->place == FIELD_TAIL ? sizeof(tail) : f->size) > r->size)
		return v;
	v.bytes = r->base + f->offset;
	v.size = f->size;
	if (f->place == FIELD_TAIL) {
		memcpy(&tail, v.bytes, sizeof(tail));
		position = r->def->fixed_size + (tail >> 16);
		len = tail & 0xffff;
		v.bytes = len && position + len <= r->size ? r->base + position : "";
		v.size = len && position + len <= r->size ? len : 0;
	}
	return v;
}

static int64_t field_int(const struct record *r, const struct record_item *item, unsigned n, int64_t otherwise)
{
	struct value v;

	if (n >= item->fields.len)
		return otherwise;
	v = field_value(r, &item->fields.data[n]);
	return v.size ? value_int(&v) : otherwise;
}

static unsigned field_values(const struct record *r, const struct record_item *item, struct value *values)
{
	for (unsigned i = 0; i < item->fields.len; i++)
		values[i] = field_value(r, &item->fields.data[i]);
	return item->fields.len;
}

static void say(struct record *r, const char *action, const struct text *made, const struct value *args, unsigned nargs)
{
	if (r->rt->style->text)
		r->rt->style->text(r->rt, r->to, action, made->data, made->len, args, nargs);
	else
		text_add(r->to, made->data, made->len);
}

/* What was reported goes to stderr at once, after what was printed before. */
static void report(const struct record *r)
{
	out_flush(r->rt);
	diag_flush(r->rt->diag);
}

static void do_printf(struct record *r, const struct record_item *item, const struct format *format)
{
	struct value args[MAX_FIELDS];
	unsigned n = field_values(r, item, args);
	struct text made = { 0 };

	if (!format)
		return;
	if (!r->rt->style->text) {
		format_print(r->to, r->rt->image, format, args);
		return;
	}
	format_print(&made, r->rt->image, format, args);
	say(r, "printf", &made, args, n);
	text_deinit(&made);
}

static void do_time(struct record *r, const struct record_item *item)
{
	struct text made = { 0 };

	text_time(&made, item->format ? item->format : "%H:%M:%S\n", (uint64_t)field_int(r, item, 0, 0));
	say(r, "time", &made, NULL, 0);
	text_deinit(&made);
}

/* The formatted text of cat, system, freopen, errorf: a name, a command, a message. Freed by the caller. */
static char *formatted(struct record *r, const struct record_item *item, const struct format *format)
{
	struct value args[MAX_FIELDS];
	struct text made = { 0 };

	field_values(r, item, args);
	if (format)
		format_print(&made, r->rt->image, format, args);
	text_putc(&made, 0);
	return made.data;
}

/* errorf, warnf: a message at its place in the script. */
static void do_message(struct record *r, const struct record_item *item, const struct format *format)
{
	char *message = formatted(r, item, format);
	size_t len = strlen(message);

	if (len && message[len - 1] == '\n')
		message[len - 1] = 0;
	if (item->kind == ITEM_ERRORF)
		diag_error(r->rt->diag, item->span, NULL, "%s", message);
	else
		diag_warning(r->rt->diag, item->span, NULL, "%s", message);
	report(r);
	free(message);
}

static void do_cat(struct record *r, const struct record_item *item, const struct format *format)
{
	char *path = formatted(r, item, format), buf[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct text made = { 0 };
	bool cut;
	ssize_t n;

	while (fd >= 0 && made.len <= CAT_MAX && (n = read(fd, buf, sizeof(buf))) > 0)
		text_add(&made, buf, (size_t)n);
	cut = made.len > CAT_MAX;
	if (cut)
		made.len = CAT_MAX;
	if (fd >= 0) {
		close(fd);
		say(r, "cat", &made, NULL, 0);
	}
	if (cut) {
		diag_warning(r->rt->diag, item->span, NULL, "'%s' has more than the %d bytes that cat() prints", path, CAT_MAX);
		report(r);
	} else if (fd < 0) {
		diag_warning(r->rt->diag, item->span, NULL, "cannot read '%s': %s", path, strerror(errno));
		report(r);
	}
	text_deinit(&made);
	free(path);
}

/* Runs the shell's command and waits; what it prints is gathered in `made`, unless that is NULL. An errno, or 0. */
static int run_command(const char *command, struct text *made)
{
	char *argv[] = { "sh", "-c", (char *)command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t defaults;
	int ends[2] = { -1, -1 }, err = 0;
	ssize_t n;
	pid_t pid;

	if (made && pipe2(ends, O_CLOEXEC))
		return errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);	/* which ply ignores */
	sigaddset(&defaults, SIGXFSZ);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	if (made)
		posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	err = posix_spawn(&pid, "/bin/sh", &actions, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	if (made) {
		close(ends[1]);
		while (!err && ((n = read(ends[0], text_room(made, 4096), 4096)) > 0 || (n < 0 && errno == EINTR)))
			made->len += n > 0 ? (size_t)n : 0;
		close(ends[0]);
	}
	while (!err && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return err;
}

/*
 * What the command prints comes after what was printed before it: from itself where that goes to stdout as it is, else as a
 * part of ply's output.
 */
static void do_system(struct record *r, const struct record_item *item, const struct format *format)
{
	bool gathers = r->rt->style->text || r->rt->opts->out || r->to != &r->rt->out.text;
	char *command = formatted(r, item, format);
	struct text made = { 0 };
	int err;

	if (!gathers)
		out_flush(r->rt);
	err = run_command(command, gathers ? &made : NULL);
	if (err) {
		diag_warning(r->rt->diag, item->span, NULL, "cannot run '%s': %s", command, strerror(err));
		report(r);
	} else if (gathers) {
		say(r, "syscall", &made, NULL, 0);
	}
	text_deinit(&made);
	free(command);
}

static void do_join(struct record *r, const struct record_item *item)
{
	struct value args[MAX_FIELDS];
	unsigned n = item->fields.len <= MAX_FIELDS ? field_values(r, item, args) : 0;
	struct text made = { 0 };

	for (unsigned i = 0; i < n; i++) {
		bool more = args[i].type->kind == TYPE_INT;

		if (!args[i].size || (more && !value_int(&args[i])))
			break;
		if (i)
			text_puts(&made, item->format ? item->format : " ");
		if (more)
			text_puts(&made, "...");
		else
			text_add(&made, args[i].bytes, value_strlen(&args[i]));
	}
	if (!r->rt->style->text)
		text_putc(&made, '\n');
	say(r, "join", &made, NULL, 0);
	text_deinit(&made);
}

static void do_print(struct record *r, const struct record_item *item)
{
	struct value v;

	if (!item->fields.len)
		return;
	v = field_value(r, &item->fields.data[0]);
	if (item->fields.len == 2) {
		/* D's print() of a pointer */
		text_printf(r->to, "0x%llx = *\n", (unsigned long long)value_int(&v));
		v = field_value(r, &item->fields.data[1]);
	}
	r->rt->style->value(r->rt, r->to, &v, item->kind == ITEM_PRINT);
}

static void do_probe(struct record *r)
{
	static const struct type probe = { .kind = TYPE_INT, .size = 4, .show = SHOW_PROBE };
	const struct value v = { &probe, &r->header.target, sizeof(r->header.target) };

	/* its frame says it all */
	if (r->rt->style->begin)
		return;
	r->rt->style->value(r->rt, r->to, &v, true);
}

static const char *fault_name(int64_t kind)
{
	switch (kind) {
	case FAULT_ADDRESS:
		return "invalid address";
	case FAULT_DIVISION:
		return "divide-by-zero";
	case FAULT_SCRATCH:
		return "out of scratch space";
	default:
		return "unknown fault";
	}
}

/* The first of the instructions that the nearest place in the script led to. */
static unsigned pc_of(const struct image *image, uint32_t pos)
{
	uint32_t nearest = UINT32_MAX;
	unsigned pc = 0;

	vec_foreach(p, &image->programs)
		vec_foreach(line, &p->lines) {
			uint32_t distance = line->span.pos > pos ? line->span.pos - pos : pos - line->span.pos;

			if (distance < nearest) {
				nearest = distance;
				pc = line->insn;
			}
		}
	return pc;
}

/* A fault of a D program: said on stderr, and ERROR's clauses run; unless it is one of theirs, which is counted. */
static void do_fault(struct record *r, const struct record_item *item)
{
	static const struct image_target unknown = { "", "", "", "", "", 0 };
	const struct image *image = r->rt->image;
	const struct image_target *t = r->header.target < image->targets.len ? &image->targets.data[r->header.target] : &unknown;
	int64_t kind = field_int(r, item, 0, 0), value = field_int(r, item, 2, 0);
	unsigned pc = pc_of(image, (uint32_t)field_int(r, item, 1, 0));
	uint64_t args[6] = { 0, r->def->clause + 1 };

	if (!strcmp(t->name, "ERROR")) {
		r->rt->error_faults++;
		return;
	}
	out_flush(r->rt);
	fprintf(stderr, "dtrace: error in dt_clause_%u for probe ID %u (%s:%s:%s:%s): %s", r->def->clause, t->id, t->prov, t->mod,
		t->func, t->name, fault_name(kind));
	if (kind == FAULT_ADDRESS)
		fprintf(stderr, " (0x%llx)", (unsigned long long)value);
	fprintf(stderr, " at BPF pc %u\n", pc);
	args[3] = pc;
	args[4] = (uint64_t)kind;
	args[5] = (uint64_t)value;
	r->rt->faulted = programs_run_error(r->rt, args, 6);
}

static void do_vars(struct record *r, const struct record_item *item)
{
	struct rt *rt = r->rt;

	vec_foreach(id, &item->vars) {
		switch (item->kind) {
		case ITEM_PRINT_MAP:
			vars_print(rt, r->to, *id, field_int(r, item, 0, 0), field_int(r, item, 1, 1));
			break;
		case ITEM_CLEAR:
			vars_clear(rt, *id);
			break;
		case ITEM_ZERO:
			vars_zero(rt, *id);
			break;
		case ITEM_TRUNC:
			vars_trunc(rt, *id, field_int(r, item, 0, 0));
			break;
		case ITEM_NORMALIZE:
			vars_normalize(rt, *id, field_int(r, item, 0, 1));
			break;
		default:
			vars_normalize(rt, *id, 1);
		}
	}
}

/* What the speculation of that number keeps back. */
static struct text *speculation(struct rt *rt, int64_t n)
{
	if (!rt->speculations)
		rt->speculations = arena_array(rt->image->arena, struct text, SPECULATIONS);
	return &rt->speculations[n > 0 && n < SPECULATIONS ? n : 0];
}

static void do_commit(struct record *r, const struct record_item *item)
{
	struct text *kept = speculation(r->rt, field_int(r, item, 0, 0));

	if (item->kind == ITEM_COMMIT && kept != &r->rt->speculations[0] && kept->len) {
		if (r->rt->style->heading)
			r->rt->style->heading(r->rt);
		text_add(r->to, kept->data, kept->len);
	}
	kept->len = 0;
}

static void do_setopt(struct record *r, const struct record_item *item)
{
	struct value args[MAX_FIELDS];
	unsigned n = field_values(r, item, args);
	char name[64], value[64];

	if (!n)
		return;
	snprintf(name, sizeof(name), "%.*s", (int)value_strlen(&args[0]), (const char *)args[0].bytes);
	if (n > 1)
		snprintf(value, sizeof(value), "%.*s", (int)value_strlen(&args[1]), (const char *)args[1].bytes);
	if (style_dtrace_set(&r->rt->dtrace, name, n > 1 ? value : NULL))
		return;
	out_flush(r->rt);
	fprintf(stderr, "dtrace: couldn't set option \"%s\" to \"%s\": Invalid option name or value\n", name, n > 1 ? value : "1");
}

static void do_freopen(struct record *r, const struct record_item *item, const struct format *format)
{
	char *path = formatted(r, item, format);

	out_reopen(r->rt, path);
	free(path);
}

static void do_print_entry(struct record *r, const struct record_item *item)
{
	struct value key = field_value(r, &item->fields.data[0]);

	if (key.size)
		vars_print_entry(r->rt, r->to, item->vars.data[0], key.bytes);
}

static void do_item(struct record *r, unsigned n)
{
	const struct record_item *item = &r->def->items.data[n];
	const struct format *format = r->state->formats[n];

	switch (item->kind) {
	case ITEM_PRINTF:
		do_printf(r, item, format);
		break;
	case ITEM_PRINT:
	case ITEM_TRACE:
		do_print(r, item);
		break;
	case ITEM_PRINTA:
		printa(r->rt, r->to, format, item->vars.data, item->vars.len);
		break;
	case ITEM_PRINT_ENTRY:
		do_print_entry(r, item);
		break;
	case ITEM_PRINT_MAP: case ITEM_CLEAR: case ITEM_ZERO: case ITEM_TRUNC: case ITEM_NORMALIZE:
	case ITEM_DENORMALIZE:
		do_vars(r, item);
		break;
	case ITEM_EXIT:
		if (r->rt->end == RUNNING)
			r->rt->end = END_EXIT;
		break;
	case ITEM_TIME:
		do_time(r, item);
		break;
	case ITEM_JOIN:
		do_join(r, item);
		break;
	case ITEM_ERRORF:
	case ITEM_WARNF:
		do_message(r, item, format);
		break;
	case ITEM_CAT:
		do_cat(r, item, format);
		break;
	case ITEM_SYSTEM:
		do_system(r, item, format);
		break;
	case ITEM_FREOPEN:
		do_freopen(r, item, format);
		break;
	case ITEM_FTRUNCATE:
		out_truncate(r->rt);
		break;
	case ITEM_SETOPT:
		do_setopt(r, item);
		break;
	case ITEM_COMMIT:
	case ITEM_DISCARD:
		do_commit(r, item);
		break;
	case ITEM_SPECULATE:
		break;
	case ITEM_PROBE:
		do_probe(r);
		break;
	case ITEM_FAULT:
		do_fault(r, item);
		break;
	}
}

static bool present(const struct record *r, unsigned n)
{
	return n >= 64 || r->header.present & 1ull << n;
}

static bool trims_in_place(const struct record *r, const struct record_item *item, unsigned id)
{
	return item->kind == ITEM_TRUNC && field_int(r, item, 0, 0) && vars_trims_in_place(r->rt, id);
}

/* A record is one instant: a variable that it prints and then clears is taken out of the kernel once. */
static void hold_cleared(struct record *r)
{
	for (unsigned i = 0; i < r->def->items.len; i++) {
		const struct record_item *item = &r->def->items.data[i];

		if (!present(r, i) || !forgets(item->kind))
			continue;
		vec_foreach(id, &item->vars)
			if (!trims_in_place(r, item, *id))
				vars_hold(r->rt, *id);
	}
}

/* What a speculation prints is kept back. False if the record only ends some. */
static bool choose_text(struct record *r)
{
	bool prints = false;

	for (unsigned i = 0; i < r->def->items.len; i++) {
		const struct record_item *item = &r->def->items.data[i];

		if (!present(r, i))
			continue;
		if (item->kind == ITEM_SPECULATE)
			r->to = speculation(r->rt, field_int(r, item, 0, 0));
		prints |= item->kind != ITEM_COMMIT && item->kind != ITEM_DISCARD && item->kind != ITEM_FAULT;
	}
	return prints;
}

bool decode_is_error(const struct rt *rt, const void *data, size_t size)
{
	const struct record_header *h = data;

	return size >= sizeof(*h) && h->target < rt->image->targets.len && !strcmp(rt->image->targets.data[h->target].name, "ERROR") &&
	       !strcmp(rt->image->targets.data[h->target].prov, "dtrace");
}

void decode_record(struct rt *rt, const void *data, size_t size)
{
	struct record r = { .rt = rt, .base = data, .size = size };
	struct pending **pending;
	bool is_last, begun = false, framed;
	unsigned id;

	if (size < sizeof(r.header))
		return;
	memcpy(&r.header, data, sizeof(r.header));
	id = r.header.record & ~RECORD_CONTINUES;
	if (id >= rt->image->records.len)
		return;
	r.def = rt->image->records.data[id];
	r.state = &rt->records[id];
	r.to = &rt->out.text;
	is_last = !(r.header.record & RECORD_CONTINUES);
	if (!is_last || rt->pending) {
		pending = find_pending(rt, r.header.cpu, r.def->clause);
		begun = *pending;
		if (!is_last)
			r.to = pending_text(rt, r.header.cpu, r.def->clause);
		else if (begun)
			finish_pending(rt, pending);
	}
	framed = choose_text(&r);
	if (!begun && framed && rt->style->begin)
		rt->style->begin(rt, r.to, &r.header, r.def->clause);
	if (r.state->holds)
		hold_cleared(&r);
	for (unsigned i = 0; i < r.def->items.len; i++)
		if (present(&r, i))
			do_item(&r, i);
	if (r.state->holds)
		vars_release(rt);
	if (is_last && framed && rt->style->end)
		rt->style->end(rt, r.to);
}
