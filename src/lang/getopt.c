// SPDX-License-Identifier: GPL-2.0-or-later
#include "lang/getopt.h"

#include "base/diag.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- finding them in the text */

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '@';
}

/* Behind blanks and comments. */
static const char *skip_blanks(const char *s)
{
	const char *end;

	for (;;) {
		s += strspn(s, " \t\r\n");
		if (s[0] == '/' && s[1] == '*' && (end = strstr(s + 2, "*/")))
			s = end + 2;
		else if (s[0] == '/' && s[1] == '/')
			s += strcspn(s, "\n");
		else
			return s;
	}
}

/* Behind a quoted text, which is stored to *text (NULL: it is not wanted). */
static const char *skip_quoted(struct arena *a, const char *s, const char **text)
{
	char *copy = text ? arena_alloc(a, strcspn(s + 1, "\n") + 1) : NULL, quote = *s++;
	size_t n = 0;

	for (; *s && *s != quote && *s != '\n'; s++) {
		if (*s == '\\' && s[1] && s[1] != '\n')
			s++;
		if (copy)
			copy[n++] = *s;
	}
	if (text)
		*text = copy;
	return *s == quote ? s + 1 : s;
}

/* A default: a string, a number, true, false or $target. NULL if it is none of them. */
static const char *read_default(struct arena *a, const char *s, struct script_option *o)
{
	size_t len = strspn(s, "$-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
	char *end, *word;

	if (*s == '"') {
		o->kind = OPTION_STRING;
		return skip_quoted(a, s, &o->fallback);
	}
	word = arena_strndup(a, s, len);
	o->fallback = word;
	o->number = strtoll(word, &end, 0);
	o->kind = OPTION_NUMBER;
	if (!strcmp(word, "true") || !strcmp(word, "false")) {
		o->kind = OPTION_FLAG;
		o->number = *word == 't';
		o->fallback = o->number ? "1" : "0";
	} else if (!strcmp(word, "$target")) {
		o->kind = OPTION_PROCESS;
	} else if (!len || *end) {
		return NULL;
	}
	return s + len;
}

/* The arguments of getopt, from '(' on. */
static void read_call(struct arena *a, const char *s, struct script_options *options)
{
	struct script_option o = { .kind = OPTION_FLAG, .fallback = "0" };

	s = skip_blanks(s + 1);
	if (*s != '"')
		return;
	s = skip_blanks(skip_quoted(a, s, &o.names));
	if (*s == ',') {
		s = read_default(a, skip_blanks(s + 1), &o);
		if (!s)
			return;
		s = skip_blanks(s);
	}
	if (*s == ',') {
		s = skip_blanks(s + 1);
		if (*s != '"')
			return;
		s = skip_blanks(skip_quoted(a, s, &o.help));
	}
	o.value = o.fallback;
	if (*s == ')' && *o.names && !option_find(options, o.names))
		*arena_vec_add(a, &options->list) = o;
}

void options_find(struct arena *a, const char *text, struct script_options *options)
{
	for (const char *s = skip_blanks(text); *s; s = skip_blanks(s)) {
		if (*s == '"') {
			s = skip_quoted(a, s, NULL);
			continue;
		}
		if (!is_word(*s)) {
			s++;
			continue;
		}
		size_t len = 0;

		while (is_word(s[len]))
			len++;
		if (len == 6 && !strncmp(s, "getopt", len) && *skip_blanks(s + len) == '(')
			read_call(a, skip_blanks(s + len), options);
		s += len;
	}
}

/* --- names */

/* The next of the names behind *s; its length, 0 at the end. */
static size_t next_name(const char **s)
{
	*s += **s == '|';
	return strcspn(*s, "|");
}

static bool has_name(const struct script_option *o, const char *name, size_t length)
{
	const char *s = o->names;

	for (size_t n; (n = next_name(&s)); s += n)
		if (n == length && !strncmp(s, name, n))
			return true;
	return false;
}

static struct script_option *find(struct script_options *options, const char *name, size_t length)
{
	vec_foreach(o, &options->list)
		if (has_name(o, name, length))
			return o;
	return NULL;
}

const struct script_option *option_find(const struct script_options *options, const char *name)
{
	vec_foreach(o, &options->list)
		if (!strcmp(o->names, name) || has_name(o, name, strlen(name)))
			return o;
	return NULL;
}

const struct script_option *option_at(const struct script_options *options, unsigned n)
{
	char place[2] = { (char)('0' + n) };

	return n < 10 ? option_find(options, place) : NULL;
}

/* "-s, --seconds=NUMBER" */
static void spell(char *to, size_t size, const struct script_option *o)
{
	static const char *const values[] = {
		[OPTION_FLAG] = "", [OPTION_NUMBER] = "=NUMBER", [OPTION_STRING] = "=TEXT", [OPTION_PROCESS] = "=PID",
	};
	size_t used = 0;

	/* letters first */
	for (int is_long = 0; is_long < 2; is_long++) {
		const char *s = o->names;

		for (size_t n; (n = next_name(&s)) && used + n + 8 < size; s += n)
			if ((n > 1) == is_long && !isdigit((unsigned char)*s))
				used += (size_t)snprintf(to + used, size - used, "%s%s%.*s", used ? ", " : "", is_long ? "--" : "-", (int)n, s);
	}
	snprintf(to + used, size - used, "%s", values[o->kind]);
}

/* --- the command line */

struct taking {
	struct arena *arena;
	struct script_options *options;
	char **argv;
	unsigned argc, at;
	const char *wrong, **hint;
};

static void unknown(struct taking *t, const char *word)
{
	struct suggest near = { .name = word };

	vec_foreach(o, &t->options->list) {
		const char *s = o->names;

		for (size_t n; (n = next_name(&s)); s += n)
			if (n > 1 && word[1] == '-')
				suggest_add(&near, arena_printf(t->arena, "--%.*s", (int)n, s));
	}
	t->wrong = arena_printf(t->arena, "the script has no option %s", word);
	*t->hint = suggest_best(&near) ? arena_printf(t->arena, "did you mean %s?", suggest_best(&near)) : "--help lists them";
}

static void set(struct taking *t, struct script_option *o, const char *spelled, const char *value)
{
	char *end;

	if (!value) {
		t->wrong = arena_printf(t->arena, "%s needs a value", spelled);
		return;
	}
	errno = 0;
	if (o->kind != OPTION_STRING)
		o->number = strtoll(value, &end, 0);
	if (o->kind != OPTION_STRING && (end == value || *end || errno))
		t->wrong = arena_printf(t->arena, "%s takes a number, not '%s'", spelled, value);
	o->value = value;
}

static void set_flag(struct script_option *o)
{
	o->number = 1;
	o->value = "1";
}

static void take_long(struct taking *t, const char *word)
{
	const char *equal = strchr(word, '=');
	size_t len = equal ? (size_t)(equal - word) : strlen(word);
	struct script_option *o = len > 3 ? find(t->options, word + 2, len - 2) : NULL;

	if (!o && !strcmp(word, "--help"))
		t->options->wants_help = true;
	else if (!o)
		unknown(t, word);
	else if (o->kind != OPTION_FLAG)
		set(t, o, arena_strndup(t->arena, word, len), equal ? equal + 1 : t->at < t->argc ? t->argv[t->at++] : NULL);
	else if (equal)
		t->wrong = arena_printf(t->arena, "%.*s takes no value", (int)len, word);
	else
		set_flag(o);
}

static void take_short(struct taking *t, const char *word)
{
	for (const char *s = word + 1; *s && !t->wrong; s++) {
		struct script_option *o = isdigit((unsigned char)*s) ? NULL : find(t->options, s, 1);

		if (!o && *s == 'h') {
			t->options->wants_help = true;
		} else if (!o) {
			unknown(t, arena_printf(t->arena, "-%c", *s));
		} else if (o->kind == OPTION_FLAG) {
			set_flag(o);
		} else {
			set(t, o, arena_printf(t->arena, "-%c", *s), s[1] ? s + 1 : t->at < t->argc ? t->argv[t->at++] : NULL);
			return;
		}
	}
}

/* The words that are left, the first of them 1, as far as they are options by their place. */
static void take_places(struct taking *t, unsigned left)
{
	for (unsigned i = 0; i < left && i < 9 && !t->wrong; i++) {
		char names[128], place = (char)('1' + i);
		struct script_option *o = find(t->options, &place, 1);

		if (!o)
			continue;
		spell(names, sizeof(names), o);
		set(t, o, names, t->argv[i]);
	}
}

/* A process must be told one way or the other. */
static void find_missing(struct taking *t, bool has_target)
{
	char names[128];

	vec_foreach(o, &t->options->list) {
		if (!option_is_target(o) || has_target || t->wrong || t->options->wants_help)
			continue;
		spell(names, sizeof(names), o);
		t->wrong = arena_printf(t->arena, "the script needs a process: %s", names);
		*t->hint = "or that of ply -p PID or -c COMMAND";
	}
}

bool option_is_target(const struct script_option *o)
{
	return o->kind == OPTION_PROCESS && o->value == o->fallback;
}

const char *options_take(struct arena *a, struct script_options *options, char **argv, unsigned *argc, bool has_target,
			 const char **hint)
{
	struct taking t = { .arena = a, .options = options, .argv = argv, .argc = *argc, .hint = hint };
	unsigned left = 0;

	while (t.at < t.argc && !t.wrong) {
		char *word = argv[t.at++];

		if (!strcmp(word, "--"))
			break;
		if (word[0] != '-' || !word[1] || isdigit((unsigned char)word[1]))
			argv[left++] = word;
		else
			(word[1] == '-' ? take_long : take_short)(&t, word);
	}
	while (t.at < t.argc)
		argv[left++] = argv[t.at++];
	*argc = left;
	take_places(&t, left);
	find_missing(&t, has_target);
	return t.wrong;
}

/* --- help */

/* Comments of one line each, one below the other. */
static void print_line_comments(FILE *out, const char *s)
{
	bool begun = false;

	while (*s == '#' || !strncmp(s, "//", 2)) {
		s += *s == '#' ? 1 : 2;
		s += *s == ' ';
		begun |= *s != '\n';
		if (begun)
			fprintf(out, "%.*s\n", (int)strcspn(s, "\n"), s);
		s += strcspn(s, "\n");
		s += *s == '\n';
	}
}

/* The lines of the comment that the text begins with, behind a line of #!. */
static void print_comment(FILE *out, const char *text)
{
	const char *s = !strncmp(text, "#!", 2) ? text + strcspn(text, "\n") : text, *end;
	bool begun = false;

	s += strspn(s, " \t\r\n");
	if (*s == '#' || !strncmp(s, "//", 2)) {
		print_line_comments(out, s);
		return;
	}
	if (strncmp(s, "/*", 2) || !(end = strstr(s, "*/")))
		return;
	for (s += 2; s < end;) {
		size_t len;

		s += strspn(s, " \t*");
		if (s >= end)
			break;
		len = strcspn(s, "\n");
		if (len > (size_t)(end - s))
			len = (size_t)(end - s);
		begun |= len != 0;
		if (begun)
			fprintf(out, "%.*s\n", (int)len, s);
		s += len + (s[len] == '\n');
	}
}

static void print_option(FILE *out, const struct script_option *o)
{
	char names[128];
	bool shows_default;

	spell(names, sizeof(names), o);
	/* 0 means that the option is not used, mostly */
	shows_default = *o->fallback && strcmp(o->fallback, "0") && o->kind != OPTION_PROCESS;
	fprintf(out, o->help || shows_default ? "  %-24s" : "  %s", names);
	if (o->help)
		fprintf(out, " %s", o->help);
	if (shows_default)
		fprintf(out, " (%s)", o->fallback);
	fputc('\n', out);
}

/* " [INTERVAL [COUNT]]": the options by place from n on, by their first names. */
static void print_places(FILE *out, const struct script_options *options, unsigned n)
{
	const struct script_option *o = option_at(options, n);

	if (!o)
		return;
	fputs(" [", out);
	for (const char *s = o->names; *s && *s != '|'; s++)
		fputc(toupper((unsigned char)*s), out);
	print_places(out, options, n + 1);
	fputc(']', out);
}

void options_help(FILE *out, const char *script, const char *text, const struct script_options *options)
{
	print_comment(out, text);
	fprintf(out, "\nusage: %s%s", script, options->list.len ? " [options]" : "");
	print_places(out, options, 1);
	fputc('\n', out);
	vec_foreach(o, &options->list)
		print_option(out, o);
}
