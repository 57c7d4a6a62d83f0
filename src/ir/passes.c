// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/passes.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
enum { VERIFY_EACH = true };
#else
enum { VERIFY_EACH = false };
#endif

const struct ir_pass ir_passes[] = {
#define IR_PASS(name, function, required) { #name, function, required },
#include "ir/passes.def"
#undef IR_PASS
};
const unsigned ir_npasses = sizeof(ir_passes) / sizeof(ir_passes[0]);

bool ir_names(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *s = list; s; s = strchr(s, ',') ? strchr(s, ',') + 1 : NULL)
		if (!strncmp(s, name, len) && (!s[len] || s[len] == ','))
			return true;
	return list && strcmp(name, "all") && ir_names(list, "all");
}

bool ir_has_pass(const char *name)
{
	for (unsigned i = 0; i < ir_npasses; i++)
		if (!ir_passes[i].required && !strcmp(ir_passes[i].name, name))
			return true;
	return false;
}

static bool is_off(const struct ir_pass *pass, const char *off)
{
	return !pass->required && ir_names(off, pass->name);
}

static char *text_of(const struct ir_module *m)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	ir_print_module(f, m);
	fclose(f);
	return text;
}

/* Prints the module if its text is another than the one before, which it replaces. */
static void dump_changes(FILE *out, const struct ir_module *m, const char *title, char **before)
{
	char *text = text_of(m);

	if (text && (!*before || strcmp(text, *before)))
		fprintf(out, "# %s\n%s\n", title, text);
	free(*before);
	*before = text;
}

/* The pass, the same in all of its places, as a bit of func->settled. */
static unsigned bit_of(const struct ir_pass *pass)
{
	unsigned i = 0;

	while (ir_passes[i].run != pass->run)
		i++;
	return 1u << i;
}

/* Runs the pass (NULL: none, so that the function is numbered and verified as it was built) unless it would change nothing. */
static const char *run_pass(struct ir_module *m, struct ir_func *f, const struct ir_pass *pass, bool verify)
{
	const char *message;

	if (!pass) {
		ir_renumber(f);
		f->settled = 0;
	} else if (!(f->settled & bit_of(pass))) {
		if (pass->run(m, f))
			f->settled = 0;
		f->settled |= bit_of(pass);
	}
	message = verify ? ir_verify(m->arena, f) : NULL;
	return message ? arena_printf(m->arena, "%s: %s", pass ? pass->name : "built", message) : NULL;
}

/*
 * All passes on one function, while it is in the processor's cache. What came in and what comes out is verified; what each pass
 * leaves too where time is no matter (sanitized builds, dumps): it would be a tenth of the time that a long script takes.
 */
static const char *run_on_func(struct ir_module *m, struct ir_func *f, const char *off)
{
	const char *message = run_pass(m, f, NULL, true);

	for (unsigned i = 0; !message && i < ir_npasses; i++)
		if (!is_off(&ir_passes[i], off))
			message = run_pass(m, f, &ir_passes[i], VERIFY_EACH || i + 1 == ir_npasses);
	return message;
}

static const char *run_on_module(struct ir_module *m, const struct ir_pass *pass)
{
	const char *message = NULL;

	vec_foreach(p, &m->programs)
		vec_foreach(f, &(*p)->funcs)
			if (!message)
				message = run_pass(m, *f, pass, true);
	return message;
}

/* A pass at a time, so that the module can be printed between them. */
static const char *run_and_dump(struct ir_module *m, const char *off, FILE *dump)
{
	char *text = NULL;
	const char *message = run_on_module(m, NULL);

	dump_changes(dump, m, "built", &text);
	for (unsigned i = 0; !message && i < ir_npasses; i++) {
		if (is_off(&ir_passes[i], off))
			continue;
		message = run_on_module(m, &ir_passes[i]);
		dump_changes(dump, m, ir_passes[i].name, &text);
	}
	free(text);
	return message;
}

const char *ir_run_passes(struct ir_module *m, const char *off, FILE *dump)
{
	const char *message = NULL;

	if (dump)
		return run_and_dump(m, off, dump);
	vec_foreach(p, &m->programs)
		vec_foreach(f, &(*p)->funcs)
			if (!message)
				message = run_on_func(m, *f, off);
	return message;
}
