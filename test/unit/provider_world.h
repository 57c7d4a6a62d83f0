/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A script up to its programs: parsed, its specs expanded, checked against its probes, mechanisms chosen. What was
 * complained about is text.
 */
#ifndef TEST_PROVIDER_WORLD_H
#define TEST_PROVIDER_WORLD_H

#include "lang/check.h"
#include "provider/mechanism.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct {
	struct arena arena;
	struct sources sources;
	struct diag diag;
	struct script script;
	struct macros macros;
	struct scope scope;
	struct probes probes;
	char *text;		/* of the script, where it had to be made */
	char *complaints;
	size_t len;
} world;

static void world_end(void)
{
	if (!world.diag.out)
		return;
	fclose(world.diag.out);
	free(world.complaints);
	free(world.text);
	diag_deinit(&world.diag);
	sources_deinit(&world.sources);
	arena_deinit(&world.arena);
	memset(&world, 0, sizeof(world));
}

static int world_expand(enum dialect dialect, const char *text)
{
	int err;

	world_end();
	source_add(&world.sources, "test", text, strlen(text));
	diag_init(&world.diag, &world.sources);
	world.diag.out = open_memstream(&world.complaints, &world.len);
	world.script = (struct script){
		.arena = &world.arena, .sources = &world.sources, .diag = &world.diag, .dialect = dialect,
	};
	world.probes = (struct probes){ .arena = &world.arena, .diag = &world.diag, .script = &world.script };
	parse_script(&world.script, 0, &world.macros);
	err = prov_expand(&world.probes);
	prov_scope(&world.probes, &world.scope);
	diag_flush(&world.diag);
	return err;
}

/* A clause of the spec alone */
static int __attribute__((unused)) world_expand_spec(enum dialect dialect, const char *spec)
{
	size_t size = strlen(spec) + sizeof(" { }");
	char *text = malloc(size);
	int err;

	snprintf(text, size, "%s { }", spec);
	err = world_expand(dialect, text);
	world.text = text;
	return err;
}

/* Everything; the script must be right. */
static void __attribute__((unused)) world_choose(const char *text)
{
	int err = world_expand(DIALECT_PLY, text);

	check_script(&world.script, &world.scope, &world.macros, NULL);
	if (!err && !world.diag.errors)
		err = prov_choose(&world.probes);
	diag_flush(&world.diag);
	ck_assert_msg(!err && !world.diag.errors, "%s\n%s", text, world.complaints);
}

#endif
