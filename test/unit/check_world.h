/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small world for the checker: a kernel of one struct, probes with a few arguments, and a script that is parsed and checked
 * in it. What was complained about is text, as a person would see it.
 */
#ifndef TEST_CHECK_WORLD_H
#define TEST_CHECK_WORLD_H

#include "lang/builtin.h"
#include "lang/check.h"
#include "lang/format.h"
#include "suite.h"

#include <string.h>

struct world {
	struct arena arena;
	struct sources sources;
	struct diag diag;
	struct script script;
	struct macros macros;
	struct check_options options;
	char *complaints;
	size_t len;
	bool ok;
};

static struct world world;

static const struct type *world_task(void)
{
	static struct type_member members[4];
	static struct type task = {
		.kind = TYPE_STRUCT, .size = 64, .name = "task_struct", .members = members, .nmembers = 4,
	};

	members[0] = (struct type_member){ .name = "pid", .type = &type_s32, .offset = 8 };
	members[1] = (struct type_member){ .name = "comm", .type = type_array(&world.arena, &type_char, 16), .offset = 16 };
	members[2] = (struct type_member){ .name = "parent", .type = type_pointer(&world.arena, &task, false), .offset = 32 };
	members[3] = (struct type_member){ .name = "flags", .type = &type_u32, .offset = 40, .bit_offset = 3, .bit_size = 5 };
	return &task;
}

static const struct type *world_builtin(void *data, const struct clause *c, const char *name, const char **why)
{
	(void)data;
	if (!strcmp(name, "func") || !strncmp(name, "probe", 5))
		return type_shown(name);
	if (!strcmp(name, "arg0"))
		return &type_s64;
	if (strcmp(name, "retval"))
		return NULL;
	if (!strncmp(c->specs->text, "kr:", 3))
		return &type_s64;
	*why = "retval is known in return probes only";
	return NULL;
}

static const struct type *world_arg(void *data, const struct clause *c, const char *name, struct span span,
				    const char **lacking, const char **known,
				    struct suggest *near)
{
	struct type *incomplete = arena_new(&world.arena, struct type);

	(void)data;
	(void)span;
	(void)c;
	(void)lacking;
	incomplete->kind = TYPE_STRUCT;
	incomplete->name = "task_struct";
	if (!strcmp(name, "fd") || !strcmp(name, "0"))
		return &type_u32;
	if (!strcmp(name, "count"))
		return &type_u64;
	if (!strcmp(name, "prev_comm"))
		return type_array(&world.arena, &type_char, 16);
	if (!strcmp(name, "filename"))
		return type_pointer(&world.arena, &type_char, true);
	if (!strcmp(name, "task"))
		return type_pointer(&world.arena, incomplete, false);
	*known = "fd, count, prev_comm, filename, task";
	if (near)
		suggest_add(near, "count");
	return NULL;
}

static const struct type *world_type(void *data, const struct clause *c, enum type_name_base base, const char *name)
{
	(void)data;
	(void)c;
	return base == TN_STRUCT && !strcmp(name, "task_struct") ? world_task() : NULL;
}

static bool world_constant(void *data, const struct clause *c, const char *name, int64_t *value, const struct type **type)
{
	(void)data;
	(void)c;
	*value = 10;
	*type = &type_u32;
	return !strcmp(name, "TCP_LISTEN");
}

static bool world_symbol(void *data, const char *module, const char *name, uint64_t *address)
{
	(void)data;
	(void)module;
	*address = 0xffffffff81000000;
	return !strcmp(name, "jiffies");
}

static const struct scope world_scope = {
	.builtin = world_builtin, .arg = world_arg, .type = world_type, .constant = world_constant, .symbol = world_symbol,
};

static void world_setup(void)
{
	world = (struct world){ 0 };
	diag_init(&world.diag, &world.sources);
	world.diag.out = open_memstream(&world.complaints, &world.len);
}

static void world_teardown(void)
{
	fclose(world.diag.out);
	free(world.complaints);
	diag_deinit(&world.diag);
	arena_deinit(&world.arena);
	sources_deinit(&world.sources);
}

/* Parses and checks the text; the complaints. */
static inline const char *check(const char *text)
{
	struct script *s = &world.script;
	enum dialect dialect = s->dialect;

	*s = (struct script){ .arena = &world.arena, .sources = &world.sources, .diag = &world.diag, .dialect = dialect };
	parse_script(s, source_add(&world.sources, "script", text, strlen(text)), &world.macros);
	world.ok = check_script(s, &world_scope, &world.macros, &world.options) && !world.diag.errors;
	diag_flush(&world.diag);
	return world.complaints;
}

/* A variable that outlives a firing, or a local of the first clause, by its printed name. */
static inline const struct symbol *var(const char *name)
{
	vec_foreach(sym, &world.script.vars)
		if (!strcmp((*sym)->name, name))
			return *sym;
	vec_foreach(sym, &world.script.clauses.data[0]->locals)
		if (!strcmp((*sym)->name, name))
			return *sym;
	ck_abort_msg("no variable %s", name);
	return NULL;
}

static inline const char *type_of(const char *name)
{
	return type_text(&world.arena, var(name)->type);
}

static inline const char *key_of(const char *name)
{
	const struct type *key = var(name)->key;

	return key ? type_text(&world.arena, key) : "none";
}

/* Statement n of the first clause, as an expression. */
static inline struct expr *statement(unsigned n)
{
	struct stmt *s = world.script.clauses.data[0]->body;

	for (s = s->kind == STMT_BLOCK ? s->body : s; n; n--)
		s = s->next;
	return s->expr;
}

#define ck_says(text, what) ck_assert_msg(strstr(text, what), "said: %s", text)

static inline int world_run(Suite *suite, TCase *t)
{
	tcase_add_checked_fixture(t, world_setup, world_teardown);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}

#endif
