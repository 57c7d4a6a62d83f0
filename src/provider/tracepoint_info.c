// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/tracepoint.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *event, *class, *params;
} events[] = {
#define TRACEPOINT(event, class, params) { #event, #class, params },
#define FIELD(class, field, path)
#include "provider/tracepoints.def"
#undef TRACEPOINT
#undef FIELD
};

static const struct {
	const char *class, *name, *path;
} fields[] = {
#define TRACEPOINT(event, class, params)
#define FIELD(class, field, path) { #class, #field, path },
#include "provider/tracepoints.def"
#undef TRACEPOINT
#undef FIELD
};

enum { NEVENTS = sizeof(events) / sizeof(events[0]), NFIELDS = sizeof(fields) / sizeof(fields[0]) };

static const char *class_of(const char *event)
{
	for (unsigned i = 0; i < NEVENTS; i++)
		if (!strcmp(events[i].event, event))
			return events[i].class;
	return event;
}

/* the record */

static bool is_common(const char *name)
{
	return !strcmp(name, "ent") || !strcmp(name, "__data") || !strncmp(name, "common_", 7);
}

static bool skip_prefix(const char **text, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(*text, prefix, len))
		return false;
	*text += len;
	return true;
}

/* struct trace_event_raw_<class>: what tracefs' format is made of. */
static bool format_by_btf(struct arena *a, const char *event, struct tracefs_format *out)
{
	const struct type *record = dbg_btf_named(BTF_KIND_STRUCT, arena_printf(a, "trace_event_raw_%s", class_of(event)));

	for (unsigned i = 0; record && i < record->nmembers; i++) {
		const struct type_member *m = &record->members[i];
		struct tracefs_field f = { .name = m->name, .type = m->type, .offset = m->offset, .size = m->type->size };

		if (is_common(m->name))
			continue;
		if (skip_prefix(&f.name, "__data_loc_"))
			f.place = FIELD_DATA_LOC;
		else if (skip_prefix(&f.name, "__rel_loc_"))
			f.place = FIELD_REL_LOC;
		if (f.place)
			f.type = &type_string;
		*arena_vec_add(a, &out->fields) = f;
	}
	out->id = -1;
	return record;
}

struct tracepoint *tracepoint_of(struct probes *p, struct target *t)
{
	if (!t->info)
		t->info = arena_new(p->arena, struct tracepoint);
	return t->info;
}

static struct tracepoint *with_fields(struct probes *p, struct target *t)
{
	struct tracepoint *tp = tracepoint_of(p, t);

	if (tp->has_fields)
		return tp;
	tp->has_fields = true;
	if (!tracefs_format(p->arena, t->module, t->name, &tp->format))
		format_by_btf(p->arena, t->name, &tp->format);
	return tp;
}

/* A number alone is a place in the list. */
static bool is_number(const char *name, unsigned *n)
{
	char *end;

	*n = (unsigned)strtoul(name, &end, 10);
	return *name && !*end;
}

const struct tracefs_field *tracepoint_field(struct probes *p, struct target *t, const char *name)
{
	struct tracepoint *tp = with_fields(p, t);
	unsigned n;

	if (is_number(name, &n))
		return n < tp->format.fields.len ? &tp->format.fields.data[n] : NULL;
	vec_foreach(f, &tp->format.fields)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

const char *tracepoint_arg_number(const char *variable)
{
	return !strncmp(variable, "arg", 3) && variable[3] >= '0' && variable[3] <= '9' ? variable + 3 : NULL;
}

/* the parameters */

static const char *const *fallback_names(struct arena *a, const char *event, unsigned n)
{
	const char **names = arena_array(a, const char *, n), *at = "";

	for (unsigned i = 0; i < NEVENTS; i++)
		if (!strcmp(events[i].event, event))
			at = events[i].params;
	for (unsigned i = 0; i < n; i++) {
		size_t len = strcspn(at, " ");

		names[i] = arena_strndup(a, at, len);
		at += len + (at[len] == ' ');
	}
	return names;
}

static bool has_same_params(const struct tracepoint *tp, uint32_t function, struct dbg_proto *proto)
{
	if (!function || !dbg_btf_proto(tp->btf, function, proto) || proto->nparams != tp->nparams + 1)
		return false;
	for (unsigned i = 0; i < tp->nparams; i++)
		if (proto->params[i + 1].type != tp->params[i].type)
			return false;
	return true;
}

static size_t common_length(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

/* The functions __bpf_trace_… of a BTF; those of the last one asked for are kept. */
static struct classes {
	struct dbg_btf *btf;
	struct arena arena;
	VEC(uint32_t) functions;
} classes;

static const struct classes *classes_of(struct dbg_btf *btf)
{
	if (classes.btf == btf)
		return &classes;
	arena_deinit(&classes.arena);
	classes = (struct classes){ .btf = btf };
	for (uint32_t id = 0; (id = dbg_btf_next(btf, id, BTF_KIND_FUNC));)
		if (!strncmp(dbg_btf_name(btf, id), "__bpf_trace_", 12))
			*arena_vec_add(&classes.arena, &classes.functions) = id;
	return &classes;
}

/* Which class an event is of is not written down: that of the same parameters whose name begins most like the event's. */
static uint32_t find_class(const struct tracepoint *tp, const char *event)
{
	enum { LIKE = 4 };
	struct dbg_proto proto;
	uint32_t best = 0;
	size_t alike = LIKE;

	vec_foreach(id, &classes_of(tp->btf)->functions) {
		size_t length = common_length(dbg_btf_name(tp->btf, *id) + strlen("__bpf_trace_"), event);

		if (length > alike && has_same_params(tp, *id, &proto)) {
			alike = length;
			best = *id;
		}
	}
	return best;
}

/* Names are those of the function __bpf_trace_<class>; before 6.1 BTF has no such functions. */
static void name_params(struct probes *p, struct target *t, struct tracepoint *tp)
{
	const char *function = arena_printf(p->arena, "__bpf_trace_%s", class_of(t->name));
	uint32_t id = dbg_btf_find(tp->btf, function, BTF_KIND_FUNC);
	struct dbg_proto proto;

	tp->names = (const char **)fallback_names(p->arena, t->name, tp->nparams);
	/* what the table names may be of another class here, and another class of the same types has other names */
	if (!id && !*tp->names[0])
		id = find_class(tp, t->name);
	if (!has_same_params(tp, id, &proto))
		return;
	for (unsigned i = 0; i < tp->nparams; i++)
		tp->names[i] = dbg_btf_string(tp->btf, proto.params[i + 1].name_off);
}

bool tracepoint_btf(struct probes *p, struct target *t, struct tracepoint **out)
{
	struct tracepoint *tp = *out = tracepoint_of(p, t);
	struct dbg_proto proto;
	struct dbg_ref ref;

	if (tp->looked)
		return tp->btf;
	tp->looked = true;
	if (!dbg_btf_find_any(NULL, arena_printf(p->arena, "btf_trace_%s", t->name), BTF_KIND_TYPEDEF, &ref) ||
	    !dbg_btf_proto(ref.btf, ref.id, &proto) || !proto.nparams)
		return false;
	tp->btf = ref.btf;
	tp->typedef_id = ref.id;
	tp->params = proto.params + 1;
	tp->nparams = proto.nparams - 1;
	name_params(p, t, tp);
	return true;
}

int tracepoint_param(struct probes *p, struct target *t, const char *name, const struct type **type)
{
	const char *number = tracepoint_arg_number(name);
	struct tracepoint *tp;
	unsigned n;

	if (!tracepoint_btf(p, t, &tp))
		return -1;
	if (!is_number(name, &n) && !(number && is_number(number, &n)))
		for (n = 0; n < tp->nparams && strcmp(tp->names[n], name); n++)
			;
	if (n >= tp->nparams)
		return -1;
	*type = dbg_btf_type(tp->btf, tp->params[n].type);
	return (int)n;
}

/* paths */

static bool is_struct(const struct type *t)
{
	return t->kind == TYPE_STRUCT || t->kind == TYPE_UNION;
}

static const struct type_member *member_of(const struct type *t, const char *name, size_t len)
{
	const struct type *whole = t;

	if (!t->members && t->name)
		whole = dbg_btf_named(t->kind == TYPE_STRUCT ? BTF_KIND_STRUCT : BTF_KIND_UNION, t->name);
	for (unsigned i = 0; whole && i < whole->nmembers; i++)
		if (!strncmp(whole->members[i].name, name, len) && !whole->members[i].name[len])
			return &whole->members[i];
	return NULL;
}

/* ->member and .member, one after the other. */
static bool follow(struct tracepoint_path *path, const char *steps, const char *end)
{
	enum { MAX = sizeof(path->offsets) / sizeof(path->offsets[0]) };

	while (steps < end) {
		bool arrow = *steps == '-';
		const char *name = steps + 1 + arrow;
		size_t len = strcspn(name, "-.|");
		const struct type *object = path->type;
		const struct type_member *m;

		if (arrow) {
			if (object->kind != TYPE_POINTER || path->derefs == MAX)
				return false;
			object = object->target;
			path->offsets[path->derefs++] = 0;
		}
		m = is_struct(object) ? member_of(object, name, len) : NULL;
		if (!m || m->bit_size || !path->derefs)
			return false;
		path->offsets[path->derefs - 1] += m->offset;
		path->type = m->type;
		steps = name + len;
	}
	return true;
}

static bool resolve(struct probes *p, struct target *t, const char *text, size_t len, struct tracepoint_path *path)
{
	size_t param = strcspn(text, "-.|");
	int n;

	*path = (struct tracepoint_path){ 0 };
	n = tracepoint_param(p, t, arena_strndup(p->arena, text, param), &path->type);
	if (n < 0 || !follow(path, text + param, text + len))
		return false;
	path->param = (unsigned)n;
	path->is_text = path->type->kind == TYPE_POINTER && path->type->target == &type_char;
	return type_is_scalar(path->type) || path->type->kind == TYPE_ARRAY;
}

/* Some kernels have another value under the same name: text where it is a pointer, or the other way round. */
static bool is_like(const struct tracepoint_path *path, const struct tracefs_field *f)
{
	bool is_scalar = f && !f->place && f->type && type_is_scalar(f->type);

	if (!f)
		return true;
	return is_scalar ? type_is_scalar(path->type) : path->is_text || path->type->kind == TYPE_ARRAY;
}

bool tracepoint_path(struct probes *p, struct target *t, const char *name, struct tracepoint_path *path)
{
	const struct tracefs_field *f = tracepoint_field(p, t, name);
	const char *class = class_of(t->name), *text = NULL;
	unsigned n;

	if (is_number(name, &n) && !f)
		return false;
	name = f ? f->name : name;
	for (unsigned i = 0; i < NFIELDS; i++)
		if (!strcmp(fields[i].class, class) && !strcmp(fields[i].name, name))
			text = fields[i].path;
	while (text && *text) {
		size_t len = strcspn(text, "|");

		if (resolve(p, t, text, len, path))
			return is_like(path, f);
		text += len + (text[len] == '|');
	}
	return false;
}

/* names */

struct each {
	const char *glob;
	void (*visit)(void *data, const char *name);
	void *data;
};

static bool each_in(void *data, struct dbg_btf *b)
{
	const struct each *each = data;

	for (uint32_t id = 0; (id = dbg_btf_next(b, id, BTF_KIND_TYPEDEF));) {
		const char *name = dbg_btf_name(b, id);

		if (skip_prefix(&name, "btf_trace_") && prov_glob(each->glob, name))
			each->visit(each->data, name);
	}
	return false;
}

void tracepoint_each(const char *glob, void (*visit)(void *data, const char *name), void *data)
{
	struct each each = { glob, visit, data };
	struct dbg_btf *b = dbg_btf_kernel();

	if (!b)
		return;
	each_in(&each, b);
	dbg_btf_modules(each_in, &each);
}
