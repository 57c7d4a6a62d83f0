// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/late.h"

#include "provider/arch.h"
#include "provider/binary.h"
#include "provider/ufunc.h"

#include <bpf/libbpf.h>
#include <string.h>
#include <sys/stat.h>

/* What a file is known by. */
struct file_key {
	char text[80];
};

static bool file_key(const char *path, struct file_key *key)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	snprintf(key->text, sizeof(key->text), "%lx:%lx:%lx:%lx", (unsigned long)st.st_dev, (unsigned long)st.st_ino,
		 (unsigned long)st.st_mtim.tv_sec, (unsigned long)st.st_mtim.tv_nsec);
	return true;
}

/* Whether the spec has not looked at the file before; from now on it has. */
static bool is_new(struct arena *a, struct late_spec *late, const struct file_key *key)
{
	return !strmap_get(&late->seen, key->text) && !strmap_put(&late->seen, arena_strdup(a, key->text), late);
}

/* The target that stands for all places of the kind, on which the clause fires now. Gives the clause as it is for that target. */
static struct clause *add_target(struct probes *p, struct clause *c, const struct spec *spec, enum target_kind kind)
{
	struct target like = { .kind = kind, .module = "", .name = "", .span = spec->span, .optional = true, .is_late = true };
	const struct naming naming = { .probe = arena_printf(p->arena, "%s in files to come", spec->text) };
	unsigned before = p->matched;
	struct target *t;

	vec_foreach(known, &p->targets)
		if ((*known)->is_late && (*known)->kind == kind)
			vec_foreach(n, &(*known)->namings)
				if (n->clause == c)
					return c;
	t = prov_add_target(p, c, &like, &naming);
	p->matched = before;
	if (!t->info) {
		t->info = arena_new(p->arena, struct ufunc);
		*(struct ufunc *)t->info = (struct ufunc){ .looked = true, .at_entry = true, .args_text = "", .nargs = LATE_ARGS };
	}
	return t->namings.data[t->namings.len - 1].clause;
}

/* Places are told apart by what the program is told of them (bpf_get_attach_cookie, Linux 5.15). */
static bool has_cookies(void)
{
	static int known = -1;

	if (known < 0)
		known = libbpf_probe_bpf_helper(BPF_PROG_TYPE_KPROBE, BPF_FUNC_get_attach_cookie, NULL) == 1;
	return known;
}

void late_add(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, int pid, unsigned kinds,
	      late_expand_fn *expand, const struct name_list *seen)
{
	static const enum target_kind all[] = { TARGET_UPROBE, TARGET_URETPROBE, TARGET_USDT };
	struct late_spec *late = arena_new(p->arena, struct late_spec);
	struct file_key key;

	if (!has_cookies())
		return;
	*late = (struct late_spec){ .clause = c, .spec = spec, .d = *d, .pid = pid, .expand = expand, .seen.arena = p->arena };
	vec_foreach(path, seen)
		if (file_key(*path, &key))
			is_new(p->arena, late, &key);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (kinds & KIND_BIT(all[i]))
			late->clause = add_target(p, c, spec, all[i]);
	*arena_vec_add(p->arena, &p->lates) = late;
}

void late_number(struct probes *p, struct event *e)
{
	e->late = arena_new(p->arena, struct late_table);
	e->late->first = p->namings.len;
	for (unsigned i = 0; i < LATE_ROWS; i++)
		*arena_vec_add(p->arena, &p->namings) = (struct naming){
			.func = "", .probe = "", .prov = "", .mod = "", .name = "", .number = e->late->first + i,
		};
	vec_foreach(n, &e->targets.data[0]->namings)
		n->number = e->late->first;
	if (e->clauses.len > LATE_CLAUSES)
		diag_warning(p->diag, e->clauses.data[LATE_CLAUSES]->specs_span, NULL,
			     "from the %uth clause on for files to come, none fires there", LATE_CLAUSES + 1);
}

/* --- what was found --- */

static struct event *event_of(const struct probes *p, enum target_kind kind)
{
	vec_foreach(e, &p->events)
		if ((*e)->late && (*e)->kind == kind)
			return *e;
	return NULL;
}

/* The place of a register among them, and whether there is one. */
static void set_register(struct late_arg *to, int reg, bool is_index)
{
	if (reg < 0)
		return;
	*(is_index ? &to->index : &to->base) = (uint16_t)reg;
	to->flags |= is_index ? LATE_HAS_INDEX : LATE_HAS_BASE;
}

static struct late_arg argument(const struct ufunc *u, const struct usdt_arg *arg, int ip)
{
	struct late_arg to = { .unused = (uint8_t)(64 - 8 * arg->size), .scale = (uint8_t)arg->scale, .disp = arg->disp };

	if (arg->kind == USDT_UNKNOWN || (arg->symbol && arg->base >= 0 && arg->index >= 0))
		return (struct late_arg){ 0 };
	to.flags = (arg->is_signed ? LATE_SIGNED : 0) | (arg->kind == USDT_MEMORY ? LATE_IN_MEMORY : 0);
	if (arg->kind == USDT_CONSTANT)
		return to;
	if (arg->kind == USDT_REGISTER) {
		to.shift = (uint8_t)arg->shift;
		to.disp = 0;
		set_register(&to, arg->base, false);
		return to;
	}
	set_register(&to, arg->base, false);
	set_register(&to, arg->index, true);
	if (!arg->symbol)
		return to;
	to.disp = (int64_t)((uint64_t)arg->disp - u->address);
	set_register(&to, ip, arg->base >= 0);
	to.scale = arg->base >= 0 ? 1 : to.scale;
	return to;
}

/*
 * The number by which a text is known: that of the probes which were there at first and have it, of what clauses compare with, of the
 * place that had it first.
 */
static unsigned number_of(struct probes *p, const struct late_table *table, enum type_show show, const struct naming *n)
{
	const char *text = prov_text_of(n, show);
	unsigned known_first = prov_number_of(p, show, text);

	if (known_first != NO_TARGET)
		return known_first;
	vec_foreach(known, &table->texts)
		if (!strcmp(known->text, text))
			return known->number;
	for (unsigned i = 0; i < table->used; i++)
		if (!strcmp(prov_text_of(&p->namings.data[table->first + i], show), text))
			return table->first + i;
	return n->number;
}

static void fill_row(struct probes *p, struct late_place *place)
{
	const struct late_table *table = place->event->late;
	struct naming *n = &p->namings.data[table->first + place->row_number];
	const struct ufunc *u = place->target->info;
	struct late_row *row = &place->row;

	*n = place->target->namings.data[0];
	n->number = row->number = table->first + place->row_number;
	n->is_late = true;
	row->id = prov_id(n);
	for (unsigned i = 0; i < sizeof(row->shown) / sizeof(*row->shown); i++) {
		row->shown[i] = number_of(p, table, SHOW_FUNC + i, n);
		strncpy(row->texts[i], prov_text_of(n, SHOW_FUNC + i), LATE_TEXT_SIZE - 1);
	}
	for (unsigned i = 0; place->target->kind == TARGET_USDT && i < u->nargs && i < LATE_ARGS; i++)
		row->args[i] = argument(u, &u->args[i], (int)arch.ip);
	for (unsigned c = 0; c < place->event->clauses.len && c < LATE_CLAUSES; c++)
		vec_foreach(naming, &place->target->namings)
			if (naming->clause == place->event->clauses.data[c])
				row->clauses[c / 64] |= 1ull << c % 64;
}

static void add_place(struct probes *p, struct target *t, struct late_places *found)
{
	struct event *e = event_of(p, t->kind);
	struct late_place *place;

	if (!e)
		return;
	if (e->late->used >= LATE_ROWS - LATE_TEXTS) {
		diag_warning(p->diag, t->span, NULL, "more than %u places in files that came later match; the others are not probed",
			     LATE_ROWS - LATE_TEXTS);
		return;
	}
	place = arena_vec_add(p->arena, found);
	*place = (struct late_place){ .event = e, .target = t, .row_number = e->late->used };
	fill_row(p, place);
	e->late->used++;
}

void prov_late_find(struct probes *p, int pid, const char *path, struct late_places *found)
{
	const char *kept = NULL;	/* names of what is found are parts of it */
	struct file_key key;
	struct diag unheard;
	struct probes q = {
		.arena = p->arena, .diag = &unheard, .script = p->script, .target = p->target, .target_program = NULL, .quiet = true,
	};

	if (!file_key(path, &key))
		return;
	diag_init(&unheard, p->script->sources);
	vec_foreach(at, &p->lates) {
		struct late_spec *late = *at;

		if ((late->pid && late->pid != pid) || !is_new(p->arena, late, &key))
			continue;
		path = path == kept ? kept : (kept = arena_strdup(p->arena, path));
		q.spec = late->spec;
		late->expand(&q, late->clause, late->spec, &late->d, late->pid, path, binary_name(path));
	}
	vec_foreach(t, &q.targets)
		add_place(p, *t, found);
	diag_deinit(&unheard);
}
