// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/late.h"

#include "provider/binary.h"
#include "provider/late.h"
#include "provider/mechanism.h"

#include <string.h>

struct mapped {
	int pid;
	const char *path;
};

static struct {
	bool wanted, lost;
	struct arena arena;
	VEC(struct mapped) queue;
} state;

bool late_wanted(void)
{
	return state.wanted;
}

void late_note(unsigned pid, const char *path)
{
	if (state.wanted && *path == '/')
		*vec_add(&state.queue) = (struct mapped){ (int)pid, arena_strdup(&state.arena, path) };
}

void late_lost(void)
{
	state.lost = true;
}

/* What was mapped since specs were expanded is looked for at first. */
void late_init(const struct rt *rt)
{
	state.wanted = state.lost = rt->probes->lates.len;
}

void late_close(void)
{
	vec_free(&state.queue);
	arena_deinit(&state.arena);
	memset(&state, 0, sizeof(state));
}

/* --- rows and names --- */

static void tell_name(struct rt *rt, unsigned number, const struct naming *n, unsigned id)
{
	rt->image->targets.data[number] = (struct image_target){
		.func = n->func, .probe = n->probe, .prov = n->prov, .mod = n->mod, .name = n->name, .id = id,
	};
}

static void tell_place(struct rt *rt, const struct late_place *place)
{
	const struct late_row *row = &place->row;
	const struct naming *n = &rt->probes->namings.data[row->number];

	tell_name(rt, row->number, n, row->id);
	/* what clauses compare with is shown by its own number */
	for (unsigned i = 0; i < sizeof(row->shown) / sizeof(*row->shown); i++)
		if (row->shown[i] >= place->event->late->first + LATE_ROWS - LATE_TEXTS && row->shown[i] < place->event->late->first + LATE_ROWS)
			tell_name(rt, row->shown[i], n, row->id);
	memcpy(rt->data + place->event->late->offset + place->row_number * sizeof(*row), row, sizeof(*row));
}

/* Gives how many places were refused. */
static unsigned attach_event(struct rt *rt, const struct late_place *places, unsigned n)
{
	unsigned refused = 0;

	vec_foreach(ip, &rt->image->programs) {
		struct program *p = program_of(ip);

		if (!p->is_called && p->events.data[0] == places->event)
			refused = p->mechanism->attach_late(rt->probes, p, places, n);
	}
	return refused;
}

/* --- files --- */

static void attach_file(struct rt *rt, int pid, const char *path)
{
	struct late_places found = { 0 };
	unsigned n, refused = 0;

	prov_late_find(rt->probes, pid, path, &found);
	vec_foreach(place, &found)
		tell_place(rt, place);
	for (unsigned i = 0; i < found.len; i += n) {
		const struct late_place *first = &found.data[i];

		for (n = 1; i + n < found.len && first[n].event == first->event && first[n].target->pid == first->target->pid; n++)
			;
		refused += attach_event(rt, first, n);
	}
	rt->attached += found.len - refused;
	if (refused)
		diag_warning(rt->diag, found.data[0].target->span, NULL, "the kernel refused %u of %u places in %s", refused, found.len, path);
	if (found.len && rt->opts->verbose)
		fprintf(stderr, "attached %u more in %s\n", found.len - refused, path);
}

struct scan {
	struct rt *rt;
	int pid;
};

static void visit(void *data, const char *path, const char *name)
{
	const struct scan *scan = data;

	(void)name;
	attach_file(scan->rt, scan->pid, path);
}

static void scan_process(void *data, int pid)
{
	const struct process process = { .pid = pid };

	binary_of_process(&state.arena, &process, visit, &(struct scan){ data, pid });
}

static void scan(struct rt *rt)
{
	bool all = false;

	vec_foreach(late, &rt->probes->lates)
		all |= !(*late)->pid;
	if (all)
		binary_each_process(scan_process, rt);
	else
		vec_foreach(late, &rt->probes->lates)
			scan_process(rt, (*late)->pid);
}

void late_attach(struct rt *rt)
{
	if (state.lost) {
		state.lost = false;
		scan(rt);
	}
	vec_foreach(mapped, &state.queue)
		attach_file(rt, mapped->pid, binary_seen(&state.arena, mapped->pid, mapped->path));
	diag_flush(rt->diag);
	state.queue.len = 0;
	arena_deinit(&state.arena);
}
