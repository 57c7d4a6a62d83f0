// SPDX-License-Identifier: GPL-2.0-or-later
#include "lang/checking.h"

enum { D_KERNEL_FRAMES = 20, D_USER_FRAMES = 100 };

/* ---- reporting */

/* What is said of an argument, or of a call as a whole, tells of which: "ARG_TYPE trunc 1" (count: -1). Where tags are shown what they stand for is chosen by that. */
static const char *tag_text(struct check *c, struct span span, enum error tag)
{
	bool of_call = tag == ERR_ARG_COUNT || tag == ERR_ARG_TYPE || tag == ERR_OPERAND || tag == ERR_CONST || tag == ERR_NOT_MAP ||
		       tag == ERR_VALUE || tag == ERR_RANGE || tag == ERR_AGG_BAD;

	if (!of_call || !c->call || span.pos != c->call_at.pos || span.len != c->call_at.len)
		return error_tag(tag);
	return arena_printf(c->arena, "%s %s %d", error_tag(tag), c->call->name, c->call_arg);
}

/* What a parameter was replaced by is not seen in the text. */
static void tell_parameter(struct check *c, struct span span)
{
	const char *text = source_text(c->script->sources, span), *name, *value;
	char buf[24];

	if (!text || span.len < 2 || *text != '$' || strspn(text + 1, "0123456789") < span.len - 1)
		return;
	name = arena_strndup(c->arena, text + 1, span.len - 1);
	value = macro_text(c->macros, name, buf);
	if (value)
		diag_hint(c->diag, "$%s is '%s'", name, value);
}

const struct type *check_error(struct check *c, struct span span, enum error tag, const char *fmt, ...)
{
	va_list ap;

	c->reported = c->stage == STAGE_REPORT && !(c->clause && c->clause->dropped);
	if (!c->reported)
		return &type_error;
	va_start(ap, fmt);
	diag_error(c->diag, span, tag_text(c, span, tag), "%s", arena_vprintf(c->arena, fmt, ap));
	va_end(ap);
	tell_parameter(c, span);
	c->reported = c->diag->errors <= DIAG_MAX;
	return &type_error;
}

/* BEGIN, END and ERROR, which every kernel has and a script's beginning and end depend on. */
static bool is_special(const struct clause *clause)
{
	static const char *const names[] = { "BEGIN", "END", "ERROR" };

	for (const struct spec *s = clause->specs; s; s = s->next)
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			size_t len = strlen(s->text), n = strlen(names[i]);

			if (len >= n && !strcmp(s->text + len - n, names[i]))
				return true;
		}
	return false;
}

/* A script in a file goes on without a clause if another one is left that waits for something to happen. */
static bool can_leave_out(struct check *c)
{
	struct source_place place;

	if (!dialect_has(c->dialect, DIALECT_DROP_CLAUSES) || c->stage != STAGE_REPORT || !c->clause || c->clause->dropped || is_special(c->clause) ||
	    !source_place(c->script->sources, c->clause->span, &place) || place.source->name == place.source->text)
		return false;
	vec_foreach(other, &c->script->clauses)
		if (*other != c->clause && !(*other)->dropped && !is_special(*other))
			return true;
	return false;
}

const struct type *check_lacks(struct check *c, struct span span, enum error tag, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(c->arena, fmt, ap);
	va_end(ap);
	if (!can_leave_out(c))
		return check_error(c, span, tag, "%s", text);
	diag_warning(c->diag, span, error_tag(tag), "%s: the clause is left out", text);
	c->clause->dropped = true;
	c->left_out = true;
	c->reported = false;
	return &type_error;
}

/* What is left of the clauses that were left out does nothing. */
static void empty_left_out(struct check *c)
{
	vec_foreach(clause, &c->script->clauses) {
		struct expr *never;

		if (!(*clause)->dropped || !(*clause)->specs)
			continue;
		never = arena_new(c->arena, struct expr);
		*never = (struct expr){ .kind = EXPR_INT, .type = &type_s32, .is_const = true, .span = (*clause)->specs_span,
					.name_span = (*clause)->specs_span };
		(*clause)->predicate = never;
		(*clause)->body = NULL;
	}
}

void check_hint(struct check *c, const char *fmt, ...)
{
	va_list ap;

	if (!c->reported)
		return;
	va_start(ap, fmt);
	diag_hint(c->diag, "%s", arena_vprintf(c->arena, fmt, ap));
	va_end(ap);
}

void check_hint_near(struct check *c, const struct suggest *s)
{
	if (suggest_best(s))
		check_hint(c, "did you mean '%s'?", suggest_best(s));
}

const char *check_where(struct check *c, struct span span, struct span here)
{
	struct source_place there, now;

	if (!source_place(c->script->sources, span, &there) || !source_place(c->script->sources, here, &now))
		return "elsewhere";
	if (there.source != now.source)
		return arena_printf(c->arena, "in %s:%u", there.source->name, there.line);
	if (there.line != now.line)
		return arena_printf(c->arena, "in line %u", there.line);
	return arena_printf(c->arena, "at column %u", there.column);
}

void check_hint_floating(struct check *c, const struct type *t)
{
	if (type_is_floating(t))
		check_hint(c, "programs in the kernel do not reckon with floating-point numbers: print() and printf()'s %%g show them");
}

const char *check_type_words(struct check *c, const struct type *t)
{
	switch (t->kind) {
	case TYPE_INT:
		if (t->show == SHOW_FUNC || t->show == SHOW_PROBE)
			return t->show == SHOW_FUNC ? "a function" : "a probe";
		return t->show == SHOW_NUMBER || t->show == SHOW_CHAR || t->show == SHOW_HEX || t->show == SHOW_BOOL ?
		       "a number" : arena_printf(c->arena, "a number shown as %s", type_text(c->arena, t));
	case TYPE_STRING:
		return "a string";
	case TYPE_TUPLE:
		return arena_printf(c->arena, "the tuple %s", type_text(c->arena, t));
	case TYPE_STACK:
		return check_stack_words(c, t);
	case TYPE_BUF:
		return t->show == SHOW_INET ? "an address" : "a buffer";
	default:
		return type_text(c->arena, t);
	}
}

const char *check_text(struct check *c, const struct expr *e)
{
	return ast_expr_text(c->arena, e);
}

const char *check_probes(struct check *c)
{
	const char *text = c->scope->probes ? c->scope->probes(c->scope->data, c->clause) : NULL;

	if (text)
		return text;
	return c->clause->specs ? c->clause->specs->text : "this probe";
}

/* ---- going over the statements */

static void add_units(struct check *c, struct clause *clause, struct stmt *s, unsigned within, bool otherwise)
{
	for (; s; s = s->next) {
		unsigned number;

		*vec_add(&c->units) = (struct unit){ .clause = clause, .stmt = s, .within = within, .otherwise = otherwise };
		number = c->units.len;
		add_units(c, clause, s->body, number, false);
		add_units(c, clause, s->otherwise, number, true);
	}
}

static void collect_units(struct check *c)
{
	vec_foreach(clause, &c->script->clauses) {
		if ((*clause)->predicate)
			*vec_add(&c->units) = (struct unit){ .clause = *clause };
		add_units(c, *clause, (*clause)->body, 0, false);
	}
}

/* A constant condition keeps the unit from ever running. Conditions are gone over before what they decide on. */
static bool is_turned_off(struct check *c, const struct unit *unit)
{
	bool value;

	for (const struct unit *u = unit; u->within; u = &c->units.data[u->within - 1]) {
		const struct stmt *outer = c->units.data[u->within - 1].stmt;

		if (outer->kind == STMT_IF && check_decided(outer->expr, &value) && value == u->otherwise)
			return true;
	}
	return unit->stmt && unit->clause->predicate && check_decided(unit->clause->predicate, &value) && !value;
}

void check_requeue(struct check *c, unsigned unit)
{
	if (c->units.data[unit].queued)
		return;
	c->units.data[unit].queued = true;
	*vec_add(&c->queue) = unit;
}

static void run_queue(struct check *c)
{
	for (unsigned i = 0; i < c->queue.len; i++) {
		struct unit *unit = &c->units.data[c->queue.data[i]];

		c->unit = c->queue.data[i];
		unit->queued = false;
		c->turned_off = is_turned_off(c, unit);
		if (!c->turned_off || c->guesses)
			check_unit(c, unit);
	}
	c->queue.len = 0;
	c->turned_off = false;
}

static void infer(struct check *c)
{
	c->stage = STAGE_STORES;
	collect_units(c);
	for (unsigned i = 0; i < c->units.len; i++)
		check_requeue(c, i);
	run_queue(c);
	c->guesses = true;
	for (unsigned i = 0; i < c->units.len; i++)
		if (is_turned_off(c, &c->units.data[i]))
			check_requeue(c, i);
	run_queue(c);
	c->stage = STAGE_USES;
	infer_unknown_again(c);
	run_queue(c);
	/* what is made known may bring more to light */
	while (infer_default(c))
		run_queue(c);
	infer_settle(c);
}

/* ---- what was found out */

static const struct type *key_type(struct check *c, const struct var *v)
{
	const struct type **parts = arena_array(c->arena, const struct type *, v->keys.len);

	if (!v->keys.len)
		return NULL;
	for (unsigned i = 0; i < v->keys.len; i++)
		parts[i] = v->keys.data[i]->now;
	return v->keys.len == 1 ? parts[0] : type_tuple(c->arena, parts, v->keys.len);
}

/* In which of their arguments the two differ. */
static enum error bounds_error(const struct type *a, const struct type *b)
{
	if (a->agg == AGG_LQUANTIZE)
		return a->lo != b->lo ? ERR_LQUANT_MATCHBASE : a->step != b->step ? ERR_LQUANT_MATCHSTEP : ERR_LQUANT_MATCHLIM;
	if (a->agg == AGG_LLQUANTIZE)
		return a->factor != b->factor ? ERR_LLQUANT_FACTORMATCH : a->lo != b->lo ? ERR_LLQUANT_LOWMATCH :
		       a->hi != b->hi ? ERR_LLQUANT_HIGHMATCH : ERR_LLQUANT_NSTEPMATCH;
	return ERR_AGG_BOUNDS;
}

static void report_clash(struct check *c, const struct var *v, const struct cell *cell, const char *what)
{
	const struct type *a = cell->clash_type, *b = cell->type ? cell->type : cell->first_type;

	if (!a)
		return;
	if (a->kind == TYPE_AGG && b->kind == TYPE_AGG && a->agg == b->agg) {
		check_error(c, cell->clash, bounds_error(a, b), "%s is %s here, but %s %s", v->sym.name,
			    type_text(c->arena, a), type_text(c->arena, b), check_where(c, cell->first, cell->clash));
		return;
	}
	check_error(c, cell->clash, cell->is_key ? ERR_KEY_CONFLICT : a->kind == TYPE_AGG && b->kind == TYPE_AGG ? ERR_AGG_REDEF :
		    ERR_TYPE_CONFLICT, "%s is %s here, but %s %s",
		    what, check_type_words(c, a), check_type_words(c, b), check_where(c, cell->first, cell->clash));
}

static void finish_var(struct check *c, struct var *v)
{
	v->sym.type = v->value->now;
	v->sym.key = key_type(c, v);
	report_clash(c, v, v->value, v->sym.name);
	for (unsigned i = 0; i < v->keys.len; i++)
		report_clash(c, v, v->keys.data[i], v->keys.len == 1 ? arena_printf(c->arena, "the key of %s", v->sym.name) :
			     arena_printf(c->arena, "key %u of %s", i + 1, v->sym.name));
}

static void finish_vars(struct check *c)
{
	vec_foreach(v, &c->all_vars)
		finish_var(c, *v);
	vec_foreach(clause, &c->script->clauses)
		vec_foreach(sym, &(*clause)->locals)
			finish_var(c, (struct var *)*sym);
}

/* Working storage is known once all uses have been seen. */
static void finish_flags(struct check *c)
{
	vec_foreach(v, &c->all_vars)
		(*v)->sym.key_is_tid = (*v)->keyed_uses && !(*v)->not_tid;
}

/* ---- the checker */

static void resolve(struct check *c)
{
	c->stage = STAGE_REPORT;
	decl_collect(c);
	vec_foreach(clause, &c->script->clauses)
		resolve_collect(c, *clause);
	resolve_keyed(c);
	if (c->dialect == DIALECT_D)
		resolve_names(c);
	/* those that are not part of the run tell types of variables all the same */
	vec_foreach(clause, &c->script->clauses)
		resolve_clause(c, *clause);
	c->clause = NULL;
}

static void report(struct check *c)
{
	c->stage = STAGE_REPORT;
	finish_vars(c);
	vec_foreach(clause, &c->script->clauses)
		if (!(*clause)->dropped)
			check_clause(c, *clause);
	if (c->left_out)
		empty_left_out(c);
	finish_flags(c);
}

static bool is_assigned(const struct var *v)
{
	return v->is_declared || v->whole_written || v->sub_written;
}

/* Such a map is 0 or "" as any that has not been written yet, but it is more likely to be a slip. In D it is a mistake where it is used. */
static void warn_of_unassigned(struct check *c)
{
	vec_foreach(v, &c->all_vars) {
		struct suggest near = { .name = (*v)->sym.name, .known = 1 };

		if (is_assigned(*v) || (*v)->sym.kind != SYM_MAP || c->dialect == DIALECT_D)
			continue;
		diag_warning(c->diag, (*v)->sym.span, error_tag(ERR_IDENT_UNDEF), "%s is never assigned", (*v)->sym.name);
		vec_foreach(other, &c->all_vars)
			if (is_assigned(*other) && (*other)->sym.kind == SYM_MAP)
				suggest_add(&near, (*other)->sym.name);
		if (suggest_best(&near))
			diag_hint(c->diag, "did you mean '%s'?", suggest_best(&near));
	}
}

static bool set_options(struct check *c, const struct check_options *options)
{
	c->strsize = options && options->strsize ? options->strsize : CHECK_STRSIZE;
	c->destructive = options && options->destructive;
	c->stack_frames = options && options->stack_frames ? options->stack_frames : D_KERNEL_FRAMES;
	c->ustack_frames = options && options->ustack_frames ? options->ustack_frames : D_USER_FRAMES;
	if (c->strsize >= 2 && c->strsize <= CHECK_STRSIZE_MAX) {
		c->string_full = type_string_of(c->arena, c->strsize);
		return true;
	}
	diag_error(c->diag, SPAN_NONE, error_tag(ERR_RANGE), "strsize must be 2 to %d, not %u", CHECK_STRSIZE_MAX, c->strsize);
	return false;
}

bool check_script(struct script *script, const struct scope *scope, const struct macros *macros,
		  const struct check_options *options)
{
	static const struct macros no_macros;
	static const struct scope no_scope;
	struct check c = {
		.script = script, .scope = scope ? scope : &no_scope, .macros = macros ? macros : &no_macros,
		.arena = script->arena, .diag = script->diag, .dialect = script->dialect,
		.wrong = { .kind = SYM_CONSTANT, .name = "", .type = &type_error },
	};
	unsigned errors = script->diag->errors;

	if (!set_options(&c, options))
		return false;
	resolve(&c);
	infer(&c);
	report(&c);
	/* a mistake in what is stored in a variable hides itself if it lies in the use of the same variable */
	if (script->diag->errors == errors && infer_right_wrongs(&c))
		report(&c);
	if (script->diag->errors == errors)
		warn_of_unassigned(&c);
	strmap_deinit(&c.vars);
	strmap_deinit(&c.typedefs);
	strmap_deinit(&c.tags);
	strmap_deinit(&c.inlines);
	strmap_deinit(&c.constants);
	strmap_deinit(&c.well_known);
	strmap_deinit(&c.builtins[0]);
	strmap_deinit(&c.builtins[1]);
	vec_free(&c.translators);
	vec_free(&c.all_vars);
	vec_free(&c.cells);
	vec_free(&c.units);
	vec_free(&c.queue);
	return script->diag->errors == errors;
}
