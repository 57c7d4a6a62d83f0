// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer's target: any bytes as a script, in both dialects, from text to the checked tree, in a world that knows nothing.
 * test/fuzz/run builds it.
 */
#include "lang/check.h"

#include <stdlib.h>
#include <string.h>

static FILE *nowhere;

static void run(enum dialect dialect, const char *text, size_t len)
{
	static const struct scope scope = { 0 };
	struct arena arena = { 0 };
	struct sources sources = { 0 };
	struct diag diag;
	struct script script = { .arena = &arena, .sources = &sources, .diag = &diag, .dialect = dialect };
	char *argv[] = { "5", "a b" };
	struct macros macros = { .name = "fuzz", .argv = argv, .argc = 2, .target = 1 };
	unsigned source;

	diag_init(&diag, &sources);
	diag.out = nowhere;
	source = source_add(&sources, "fuzz", text, len);
	parse_script(&script, source, &macros);
	ast_print(nowhere, &script, false);
	if (check_script(&script, &scope, &macros, NULL))
		ast_print(nowhere, &script, true);
	lex_print(nowhere, &script, source);
	diag_flush(&diag);
	diag_deinit(&diag);
	sources_deinit(&sources);
	arena_deinit(&arena);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	char *text = xmalloc(len + 1);

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	memcpy(text, data, len);
	text[len] = '\0';
	run(DIALECT_PLY, text, len);
	run(DIALECT_D, text, len);
	free(text);
	return 0;
}
