// SPDX-License-Identifier: GPL-2.0-or-later
#include "dtrace.h"

#include "runtime/style.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char invalid_value[] = "Invalid value for specified option";

/* What a value looks like. */
enum form { FORM_FLAG, FORM_SIZE, FORM_NUMBER, FORM_RATE, FORM_TEXT };

enum option_id { OPTION_NONE, OPTION_droptags, OPTION_rawbytes, OPTION_stackframes, OPTION_ustackframes, OPTION_stackindent, OPTION_quiet, OPTION_flowindent, OPTION_destructive, OPTION_defaultargs, OPTION_zdefs, OPTION_errtags,
		 OPTION_strsize, OPTION_bufsize, OPTION_aggsize, OPTION_dynvarsize, OPTION_aggsortkey, OPTION_aggsortkeypos,
		 OPTION_aggsortpos, OPTION_aggsortrev, OPTION_cpp, OPTION_cpppath, OPTION_define, OPTION_undef, OPTION_incdir,
		 OPTION_argref, OPTION_nspec, OPTION_aggzoom, OPTION_agghist, OPTION_aggpack, OPTION_encoding,
		 OPTION_cpu };

/* Those without a number of their own are known, and change nothing here. */
static const struct {
	const char *name;
	enum form form;
	enum option_id id;
} options[] = {
	{ "quiet", FORM_FLAG, OPTION_quiet },
	{ "flowindent", FORM_FLAG, OPTION_flowindent },
	{ "destructive", FORM_FLAG, OPTION_destructive },
	{ "defaultargs", FORM_FLAG, OPTION_defaultargs },
	{ "argref", FORM_FLAG, OPTION_argref },
	{ "zdefs", FORM_FLAG, OPTION_zdefs },
	{ "errtags", FORM_FLAG, OPTION_errtags },
	{ "strsize", FORM_SIZE, OPTION_strsize },
	{ "bufsize", FORM_SIZE, OPTION_bufsize },
	{ "aggsize", FORM_SIZE, OPTION_aggsize },
	{ "dynvarsize", FORM_SIZE, OPTION_dynvarsize },
	{ "aggsortkey", FORM_FLAG, OPTION_aggsortkey },
	{ "aggsortkeypos", FORM_NUMBER, OPTION_aggsortkeypos },
	{ "aggsortpos", FORM_NUMBER, OPTION_aggsortpos },
	{ "aggsortrev", FORM_FLAG, OPTION_aggsortrev },
	{ "droptags", FORM_FLAG, OPTION_droptags },
	{ "rawbytes", FORM_FLAG, OPTION_rawbytes },
	{ "stackframes", FORM_NUMBER, OPTION_stackframes },
	{ "ustackframes", FORM_NUMBER, OPTION_ustackframes },
	{ "stackindent", FORM_NUMBER, OPTION_stackindent },
	{ "cpp", FORM_FLAG, OPTION_cpp },
	{ "cpppath", FORM_TEXT, OPTION_cpppath },
	{ "define", FORM_TEXT, OPTION_define },
	{ "undef", FORM_TEXT, OPTION_undef },
	{ "incdir", FORM_TEXT, OPTION_incdir },
	{ "switchrate", FORM_RATE, 0 }, { "aggrate", FORM_RATE, 0 }, { "statusrate", FORM_RATE, 0 }, { "cleanrate", FORM_RATE, 0 },
	{ "specsize", FORM_SIZE, 0 }, { "nspec", FORM_NUMBER, OPTION_nspec }, { "bufpolicy", FORM_TEXT, 0 }, { "bufresize", FORM_TEXT, 0 },
	{ "cpu", FORM_NUMBER, OPTION_cpu },
	{ "jstackframes", FORM_NUMBER, 0 }, { "jstackstrsize", FORM_SIZE, 0 },
	{ "aggpercpu", FORM_FLAG, 0 }, { "aggzoom", FORM_FLAG, OPTION_aggzoom },
	{ "agghist", FORM_FLAG, OPTION_agghist }, { "aggpack", FORM_FLAG, OPTION_aggpack }, { "encoding", FORM_TEXT, OPTION_encoding },
	{ "evaltime", FORM_TEXT, 0 }, { "amin", FORM_TEXT, 0 },
	{ "core", FORM_FLAG, 0 }, { "cpphdrs", FORM_FLAG, 0 }, { "ctypes", FORM_TEXT, 0 }, { "dtypes", FORM_TEXT, 0 },
	{ "debug", FORM_FLAG, 0 }, { "disasm", FORM_TEXT, 0 }, { "empty", FORM_FLAG, 0 },
	{ "iregs", FORM_NUMBER, 0 }, { "tregs", FORM_NUMBER, 0 }, { "knodefs", FORM_FLAG, 0 }, { "unodefs", FORM_FLAG, 0 },
	{ "lazyload", FORM_FLAG, 0 }, { "ldpath", FORM_TEXT, 0 }, { "libdir", FORM_TEXT, 0 }, { "linkmode", FORM_TEXT, 0 },
	{ "linktype", FORM_TEXT, 0 }, { "linkspath", FORM_TEXT, 0 }, { "lockmem", FORM_TEXT, 0 }, { "modpath", FORM_TEXT, 0 },
	{ "maxframes", FORM_NUMBER, 0 }, { "noresolve", FORM_FLAG, 0 }, { "nolibs", FORM_FLAG, 0 }, { "pgmax", FORM_NUMBER, 0 },
	{ "preallocate", FORM_NUMBER, 0 }, { "procfspath", FORM_TEXT, 0 }, { "pspec", FORM_FLAG, 0 }, { "stdc", FORM_TEXT, 0 },
	{ "strip", FORM_FLAG, 0 }, { "syslibdir", FORM_TEXT, 0 }, { "temporal", FORM_FLAG, 0 }, { "tree", FORM_NUMBER, 0 },
	{ "useruid", FORM_NUMBER, 0 }, { "verbose", FORM_FLAG, 0 }, { "version", FORM_TEXT, 0 },
};

/* Those that are refused, since without them the output would be another. */
static const struct {
	const char *name, *why;
} refused[] = {
	{ "grabanon", "there is no anonymous tracing" },
	{ "zone", "Linux has no zones" },
};

/* A number with k, m, g or t behind it. */
static bool read_size(const char *text, uint64_t *value)
{
	static const char suffixes[] = "kmgt";
	const char *suffix;
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (!isdigit((unsigned char)*text) || errno)
		return false;
	suffix = *end ? strchr(suffixes, tolower((unsigned char)*end)) : NULL;
	if (!suffix)
		return !*end;
	for (const char *s = suffixes; s <= suffix; s++)
		if (__builtin_mul_overflow(*value, UINT64_C(1024), value))
			return false;
	return !end[1];
}

static bool is_rate(const char *text)
{
	static const char *const units[] = { "", "ns", "nsec", "us", "usec", "ms", "msec", "s", "sec", "m", "min", "h", "hour", "d",
					     "day", "hz" };
	const char *unit = text + strspn(text, "0123456789");

	for (size_t i = 0; unit != text && i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcasecmp(unit, units[i]))
			return true;
	return false;
}

static bool is_flag(const char *text, bool *on)
{
	static const char *const yes[] = { "1", "yes", "enable", "enabled", "on", "set", "true", "t" };
	static const char *const no[] = { "0", "no", "disable", "disabled", "off", "unset", "false", "f" };

	*on = true;
	if (!text)
		return true;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		*on = !strcasecmp(text, yes[i]);
		if (*on || !strcasecmp(text, no[i]))
			return true;
	}
	return false;
}

static bool reads(enum form form, const char *value, bool *on, uint64_t *n)
{
	if (form == FORM_FLAG)
		return is_flag(value, on);
	if (!value || !*value)
		return false;
	if (form == FORM_SIZE || form == FORM_NUMBER)
		return read_size(value, n);
	return form == FORM_RATE ? is_rate(value) : true;
}

/* D's buffers are small and many; ours is one, and never smaller than it is by itself. */
static void raise_to(unsigned *what, uint64_t n, uint64_t most)
{
	n = n > most ? most : n;
	while (*what < n)
		*what *= 2;
}

enum { RING_MOST = 1 << 30, ENTRY_BYTES = 256, ENTRIES_MOST = 1 << 20 };

/* What was asked for is more than there can be. */
static void note_lowered(struct dtrace *d, enum option_id id, uint64_t n)
{
	static const struct {
		enum option_id id;
		const char *what;
		uint64_t most;
	} sizes[DTRACE_SIZES] = {
		{ OPTION_bufsize, "buffer", RING_MOST },
		{ OPTION_aggsize, "aggregation", (uint64_t)ENTRY_BYTES * ENTRIES_MOST },
		{ OPTION_dynvarsize, "dynamic variable", (uint64_t)ENTRY_BYTES * ENTRIES_MOST },
	};

	for (unsigned i = 0; i < DTRACE_SIZES; i++)
		if (sizes[i].id == id)
			d->lowered[i] = n > sizes[i].most ? arena_printf(&d->arena, "%s size lowered to %llum", sizes[i].what,
									 (unsigned long long)sizes[i].most >> 20) : NULL;
}

static void add_cpp(struct dtrace *d, char letter, const char *value)
{
	*arena_vec_add(&d->arena, &d->cpp_args) = arena_printf(&d->arena, "-%c%s", letter, value);
}

static bool set(struct dtrace *d, enum option_id id, bool on, uint64_t n, const char *text)
{
	enum { STRSIZE_LEAST = 8, STRSIZE_MOST = 4096, VARIABLE_BYTES = 64 };

	note_lowered(d, id, n);
	switch (id) {
	case OPTION_quiet:
		d->run.dtrace.quiet = on;
		break;
	case OPTION_flowindent:
		d->run.dtrace.flowindent = on;
		break;
	case OPTION_destructive:
		d->compile.destructive = on;
		break;
	case OPTION_defaultargs:
		d->compile.macros.default_args = on;
		break;
	case OPTION_argref:
		d->compile.unused_args = on;
		break;
	case OPTION_zdefs:
		d->compile.allow_missing = on;
		break;
	case OPTION_errtags:
		d->tags = on;
		break;
	case OPTION_strsize:
		if (!n)
			return false;
		d->compile.strsize = n < STRSIZE_LEAST ? STRSIZE_LEAST : n > STRSIZE_MOST ? STRSIZE_MOST : (unsigned)n;
		break;
	case OPTION_bufsize:
		raise_to(&d->compile.ring_size, n, RING_MOST);
		break;
	case OPTION_dynvarsize:
		/* who asks for little gets little */
		d->compile.var_entries = n / VARIABLE_BYTES < d->compile.map_entries ? (unsigned)(n / VARIABLE_BYTES) + 1 : 0;
		/* fallthrough */
	case OPTION_aggsize:
		raise_to(&d->compile.map_entries, n / ENTRY_BYTES, ENTRIES_MOST);
		break;
	case OPTION_cpu:
		if (n >= (uint64_t)sysconf(_SC_NPROCESSORS_CONF))
			return false;
		d->compile.on_cpu = (unsigned)n + 1;
		break;
	case OPTION_nspec:
		if (!n || n >= SPECULATIONS)
			return false;
		d->compile.speculations = (unsigned)n;
		break;
	case OPTION_droptags:
		d->run.dtrace.droptags = on;
		break;
	case OPTION_rawbytes:
		d->run.dtrace.rawbytes = on;
		break;
	case OPTION_stackframes:
		d->compile.stack_frames = (unsigned)n;
		break;
	case OPTION_ustackframes:
		d->compile.ustack_frames = (unsigned)n;
		break;
	case OPTION_stackindent:
		d->run.dtrace.stack_indent = (unsigned)n;
		break;
	case OPTION_aggzoom:
		d->run.dtrace.zoom = on;
		break;
	case OPTION_agghist:
		d->run.dtrace.bars = on;
		break;
	case OPTION_aggpack:
		d->run.dtrace.packed = on;
		break;
	case OPTION_encoding:
		return style_dtrace_encode(&d->run.dtrace, text);
	case OPTION_aggsortkey:
		d->run.dtrace.by_key = on;
		break;
	case OPTION_aggsortrev:
		d->run.dtrace.reversed = on;
		break;
	case OPTION_aggsortkeypos:
		d->run.dtrace.agg_key = (unsigned)n;
		break;
	case OPTION_aggsortpos:
		d->run.dtrace.agg = (unsigned)n;
		break;
	case OPTION_cpp:
		d->use_cpp = on;
		break;
	case OPTION_cpppath:
		d->cpp = arena_strdup(&d->arena, text);
		break;
	case OPTION_define:
		add_cpp(d, 'D', text);
		break;
	case OPTION_undef:
		add_cpp(d, 'U', text);
		break;
	case OPTION_incdir:
		add_cpp(d, 'I', text);
		break;
	case OPTION_NONE:
		break;
	}
	return true;
}

/* Sets the option of that name, value NULL: none is given. False: *why is set. */
static bool set_option(struct dtrace *d, const char *name, const char *value, const char **why)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		bool on = true;
		uint64_t n = 0;

		if (strcmp(options[i].name, name))
			continue;
		*why = invalid_value;
		return reads(options[i].form, value, &on, &n) && set(d, options[i].id, on, n, value);
	}
	*why = "Invalid option name";
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (!strcmp(refused[i].name, name))
			*why = refused[i].why;
	return false;
}

bool dtrace_set(struct dtrace *d, const char *text, const char **why)
{
	const char *eq = strchr(text, '=');

	if (!eq)
		return set_option(d, text, NULL, why);
	return set_option(d, arena_strndup(&d->arena, text, (size_t)(eq - text)), eq + 1, why);
}

void dtrace_set_from_environment(struct dtrace *d)
{
	static const char prefix[] = "DTRACE_OPT_";

	for (char **e = environ; *e; e++) {
		const char *eq = strchr(*e, '='), *why;
		char *name;

		if (!eq || strncmp(*e, prefix, sizeof(prefix) - 1))
			continue;
		name = arena_strndup(&d->arena, *e + sizeof(prefix) - 1, (size_t)(eq - *e) - (sizeof(prefix) - 1));
		for (char *c = name; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		if (!set_option(d, name, eq[1] ? eq + 1 : NULL, &why))
			dtrace_fail("failed to set option %s: %s", *e, why);
	}
}

/* A word at *s, NULL if the line ends first; *s is set behind it. */
static char *next_word(struct dtrace *d, const char **s, const char *stop)
{
	const char *begin = *s + strspn(*s, " \t"), *end = begin + strcspn(begin, stop);

	*s = end;
	return end > begin ? arena_strndup(&d->arena, begin, (size_t)(end - begin)) : NULL;
}

/* name="value" as name=value */
static char *without_quotes(char *option)
{
	char *value = option ? strchr(option, '=') : NULL;
	size_t len = value ? strlen(++value) : 0;

	if (len >= 2 && value[0] == '"' && value[len - 1] == '"') {
		value[len - 1] = '\0';
		memmove(value, value + 1, len - 1);
	}
	return option;
}

/* "#pragma D option name[=value]", the whole line; NULL if it is something else. */
static char *option_of_line(struct dtrace *d, const char *line)
{
	const char *s = line + strspn(line, " \t"), *word;
	static const char *const words[] = { "pragma", "D", "option" };

	if (*s++ != '#')
		return NULL;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		word = next_word(d, &s, " \t\r\n");
		if (!word || strcmp(word, words[i]))
			return NULL;
	}
	return without_quotes(next_word(d, &s, " \t\r\n"));
}

bool dtrace_set_from_text(struct dtrace *d, const char *name, const char *text)
{
	unsigned number = 1;

	for (const char *line = text; *line; number++) {
		const char *end = line + strcspn(line, "\n"), *why;
		char *option = option_of_line(d, line);

		if (option && !dtrace_set(d, option, &why)) {
			dtrace_fail("failed to compile script %s: %sline %u: failed to set option '%s': %s", name,
				    d->tags ? "[D_PRAGMA_OPTSET] " : "", number, option, why);
			return false;
		}
		line = *end ? end + 1 : end;
	}
	return true;
}
