// SPDX-License-Identifier: GPL-2.0-or-later
#include "dtrace.h"

#include "base/cleanup.h"
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

enum { EXIT_ERROR = 1, EXIT_USAGE = 2 };

static const char letters[] = "+:3:6:aAb:Bc:CD:ef:FGhHi:I:lL:m:n:o:p:P:qs:SU:vVwx:X:Z";

/* One of -n -P -m -f -i -s. */
struct program {
	char letter;
	const char *text;		/* as given: the spec, or the file's name */
	const char *called;		/* in notices: cut before what follows the spec */
	unsigned source;
};

/* One of -c, -p. */
struct wanted {
	const char *command;		/* NULL: -p */
	int pid;
};

struct command {
	struct dtrace d;
	VEC(struct program) programs;
	VEC(char *) args;		/* $1 … */
	VEC(struct wanted) processes;
	bool list, verbose, compile_only;
};

static const char usage_text[] =
	"usage: dtrace [options] [-n SPEC]… [-s FILE]… [ARG]…\n"
	"\n"
	"What to trace, any number of each, in this order; a predicate and an action may follow a SPEC in the same word:\n"
	"  -n [[[PROVIDER:]MODULE:]FUNCTION:]NAME   -f [[PROVIDER:]MODULE:]FUNCTION   -m [PROVIDER:]MODULE\n"
	"  -P PROVIDER   -i ID   -s FILE (a D script; - is standard input)\n"
	"\n"
	"  -b SIZE         size of the buffer\n"
	"  -c CMD          run CMD, whose pid is $target, and end with it (or the last of several)\n"
	"  -C              run scripts through cpp; for it: -D NAME[=VALUE], -U NAME, -I DIR, -H\n"
	"  -e              compile, and no more\n"
	"  -F              indent what is traced by calls and returns\n"
	"  -l              list probes instead of tracing them\n"
	"  -L DIR          taken and not needed: what scripts use is built in\n"
	"  -o FILE         append output to FILE\n"
	"  -p PID          $target is PID; end with it\n"
	"  -q              print nothing but what actions print\n"
	"  -S              print the program's instructions\n"
	"  -v              with -l: arguments\n"
	"  -V              the version\n"
	"  -w              allow actions that change the system\n"
	"  -x NAME[=VALUE] set an option\n"
	"  -Z              probes that match nothing are no error\n";

int dtrace_fail(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	va_start(ap, fmt);
	fputs("dtrace: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	return EXIT_ERROR;
}

static int usage(FILE *out)
{
	fputs(usage_text, out);
	return EXIT_USAGE;
}

/* Everything but what goes wrong is for those who did not ask for quiet. */
static void notice(const struct command *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void notice(const struct command *c, const char *fmt, ...)
{
	va_list ap;

	if (c->d.run.dtrace.quiet)
		return;
	va_start(ap, fmt);
	fputs("dtrace: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

enum { COUNT = -1, ANY = -2, NOTHING_ADDED = -3 };

/* The tag of what is wrong with a call: "ARG_TYPE trunc 1". */
static const char *call_tag(const char *tag, const char *rest)
{
	static const struct {
		const char *name;
		int arg;
		const char *ds;
	} calls[] = {
#define TAG(ours, ds)
#define CALL(name, arg, ds) { name, arg, ds },
#define BAD(name, ds) { name, NOTHING_ADDED, ds },
#include "dtrace_tags.def"
#undef TAG
#undef CALL
#undef BAD
	};
	char name[32] = "";
	int arg = COUNT;

	sscanf(rest, " %31s %d", name, &arg);
	if (!strncmp(tag, "AGG_BAD ", strlen("AGG_BAD ")))
		arg = NOTHING_ADDED;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(calls[i].name, name) && (calls[i].arg == arg || (calls[i].arg == ANY && arg >= 0)))
			return calls[i].ds;
	return arg == COUNT ? "D_PROTO_LEN" : "D_PROTO_ARG";
}

static const char *tag_name(const char *tag)
{
	static const struct {
		const char *ours, *ds;
	} tags[] = {
#define TAG(ours, ds) { #ours, ds },
#define CALL(name, arg, ds)
#define BAD(name, ds)
#include "dtrace_tags.def"
#undef TAG
#undef CALL
#undef BAD
	};
	const char *blank = strchr(tag, ' ');
	static char buf[64];

	if (blank)
		return call_tag(tag, blank);
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (!strcmp(tags[i].ours, tag))
			return tags[i].ds;
	snprintf(buf, sizeof(buf), "D_%s", tag);
	return buf;
}

/* --- options --- */

static int add_pid(struct command *c, const char *text)
{
	char *end;
	long pid = strtol(text, &end, 10);

	if (end == text || *end || pid <= 0 || pid > INT_MAX)
		return dtrace_fail("invalid pid: %s", text);
	*arena_vec_add(&c->d.arena, &c->processes) = (struct wanted){ .pid = (int)pid };
	return 0;
}

static int set_x(struct command *c, const char *text)
{
	const char *why;

	return dtrace_set(&c->d, text, &why) ? 0 : dtrace_fail("failed to set -x %s: %s", text, why);
}

static void add_program(struct command *c, int letter, const char *text)
{
	*arena_vec_add(&c->d.arena, &c->programs) = (struct program){ .letter = (char)letter, .text = text };
}

static void add_cpp(struct command *c, int letter, const char *value)
{
	*arena_vec_add(&c->d.arena, &c->d.cpp_args) = arena_printf(&c->d.arena, "-%c%s", letter, value);
}

/* 0 to go on, else the exit status. */
static int set_letter(struct command *c, int letter, const char *value)
{
	switch (letter) {
	case 'n': case 'P': case 'm': case 'f': case 'i': case 's':
		add_program(c, letter, value);
		return 0;
	case 'b':
		return set_x(c, arena_printf(&c->d.arena, "bufsize=%s", value));
	case 'c':
		*arena_vec_add(&c->d.arena, &c->processes) = (struct wanted){ .command = value };
		return 0;
	case 'C':
		c->d.use_cpp = true;
		return 0;
	case 'D': case 'U': case 'I':
		add_cpp(c, letter, value);
		return 0;
	case 'H':
		add_cpp(c, letter, "");
		return 0;
	case 'e':
		c->compile_only = true;
		return 0;
	case 'F':
		c->d.run.dtrace.flowindent = true;
		return 0;
	case 'l':
		c->list = true;
		return 0;
	case 'o':
		c->d.run.out = value;
		c->d.run.append = true;
		return 0;
	case 'p':
		return add_pid(c, value);
	case 'q':
		c->d.run.dtrace.quiet = true;
		return 0;
	case 'S':
		c->d.show_code = true;
		return 0;
	case 'v':
		c->verbose = true;
		return 0;
	case 'w':
		c->d.compile.destructive = true;
		return 0;
	case 'x':
		return set_x(c, value);
	case 'Z':
		c->d.compile.allow_missing = true;
		return 0;
	case 'L': case 'X': case 'B': case '3': case '6':
		return 0;
	case 'A': case 'a':
		return dtrace_fail("-%c: anonymous tracing is not supported", letter);
	case 'G': case 'h':
		return dtrace_fail("-%c: making objects and headers is not supported", letter);
	default:
		return usage(stderr);
	}
}

static bool is_known_letter(int letter)
{
	return isalnum(letter) && strchr(letters + 2, letter);
}

/*
 * Options and the script's arguments may be mixed. Behind a script, a word that begins with an option there is none of is an
 * argument, so that scripts can have options of their own.
 */
static int read_words(struct command *c, int argc, char **argv)
{
	int letter, status;

	opterr = 0;
	optind = 1;
	while (optind < argc) {
		char *word = argv[optind];

		if (c->programs.len && word[0] == '-' && word[1] && !is_known_letter((unsigned char)word[1])) {
			*arena_vec_add(&c->d.arena, &c->args) = argv[optind++];
			continue;
		}
		letter = getopt(argc, argv, letters);
		if (letter == -1) {
			if (optind < argc)
				*arena_vec_add(&c->d.arena, &c->args) = argv[optind++];
			continue;
		}
		if (letter == ':')
			dtrace_fail("option requires an argument -- '%c'", optopt);
		if (letter == '?')
			dtrace_fail("invalid option -- '%c'", optopt);
		if (letter == ':' || letter == '?')
			return usage(stderr);
		status = letter == 'V' ? -1 : set_letter(c, letter, optarg);
		if (status)
			return status;
	}
	return 0;
}

/* --- programs --- */

static char *read_file(const char *name, size_t *size)
{
	_cleanup_close_ int fd = !strcmp(name, "-") ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? NULL : source_read(fd, size);
}

static int add_script(struct command *c, struct program *p, struct sources *sources)
{
	_cleanup_free_ char *text = NULL;
	struct dtrace *d = &c->d;
	size_t size;
	char *kept;

	text = read_file(p->text, &size);
	if (!text)
		return dtrace_fail("failed to open %s: %s", p->text, strerror(errno));
	kept = arena_memdup(&d->arena, text, size + 1);
	if (!dtrace_set_from_text(d, p->text, kept))
		return EXIT_ERROR;
	if (d->use_cpp && !(kept = dtrace_preprocess(d, p->text, kept, &size)))
		return EXIT_ERROR;
	p->called = p->text;
	p->source = source_add(sources, p->text, kept, size);
	return 0;
}

/* The specs before a predicate or a body, each with the parts put around it that -P, -m and -f leave out. */
static char *complete_specs(struct command *c, const struct program *p)
{
	const char *before = p->letter == 'P' ? "" : p->letter == 'm' ? ":" : "::";
	const char *after = p->letter == 'P' ? ":::" : p->letter == 'm' ? "::" : ":";
	const char *s = p->text;
	char *all = arena_strdup(&c->d.arena, "");
	unsigned most = p->letter == 'P' ? 0 : p->letter == 'm' ? 1 : 2;

	while (*s && !strchr("{/;", *s)) {
		size_t len = strcspn(s, ", \t\n{/;");
		unsigned colons = 0;

		for (size_t i = 0; i < len; i++)
			colons += s[i] == ':';
		all = arena_printf(&c->d.arena, "%s%s%.*s%s", all, colons < most ? before + colons : "", (int)len, s, len ? after : "");
		s += len;
		if (*s && !strchr("{/;", *s))
			all = arena_printf(&c->d.arena, "%s%c", all, *s++);
	}
	return arena_printf(&c->d.arena, "%s%s", all, s);
}

/* -i NUMBER…: the specs of those probes in the places of their numbers. NULL after a report. */
static char *specs_of_ids(struct command *c, const char *s)
{
	char *all = arena_strdup(&c->d.arena, "");

	while (*s && !strchr("{/;", *s)) {
		size_t len = strcspn(s, ", \t\n{/;"), digits = strspn(s, "0123456789");
		const char *spec = len && digits == len && len <= 9 ? prov_spec_of_id(&c->d.arena, (unsigned)atoi(s)) : NULL;

		if (len && !spec) {
			dtrace_fail("invalid probe specifier %.*s: %sinvalid probe identifier %.*s", (int)len, s,
				    c->d.tags ? "[D_PDESC_INVAL] " : "", (int)len, s);
			return NULL;
		}
		all = arena_printf(&c->d.arena, "%s%s", all, len ? spec : "");
		s += len;
		if (*s && !strchr("{/;", *s))
			all = arena_printf(&c->d.arena, "%s%c", all, *s++);
	}
	return arena_printf(&c->d.arena, "%s%s", all, s);
}

static int add_one_liner(struct command *c, struct program *p, struct sources *sources)
{
	const char *text = p->text;

	if (p->letter == 'i' && !(text = specs_of_ids(c, text)))
		return EXIT_ERROR;
	if (p->letter == 'P' || p->letter == 'm' || p->letter == 'f')
		text = complete_specs(c, p);
	p->called = arena_strndup(&c->d.arena, p->text, strcspn(p->text, "{/;"));
	if (!dtrace_set_from_text(&c->d, p->called, text))
		return EXIT_ERROR;
	/* one that is called by its own text is no file: diagnostics say so */
	p->source = source_add(sources, text, text, strlen(text));
	return 0;
}

static int add_programs(struct command *c, struct sources *sources)
{
	for (unsigned i = 0; i < c->programs.len; i++) {
		struct program *p = &c->programs.data[i];

		if (p->letter != 's' ? add_one_liner(c, p, sources) : add_script(c, p, sources))
			return EXIT_ERROR;
	}
	return 0;
}

/* --- the run --- */

static unsigned matches_of(const struct probes *probes, const struct source *s)
{
	unsigned n = 0;

	vec_foreach(clause, &probes->script->clauses)
		if ((*clause)->span.pos >= s->base && (*clause)->span.pos <= s->base + s->len)
			n += (*clause)->matches;
	return n;
}

static void say_matches(const struct command *c, const struct probes *probes, const struct sources *sources)
{
	vec_foreach(p, &c->programs) {
		unsigned n = matches_of(probes, &sources->list.data[p->source]);

		notice(c, "%s '%s' matched %u probe%s", p->letter == 's' ? "script" : "description", p->called, n, n == 1 ? "" : "s");
	}
	if (c->d.compile.destructive)
		notice(c, "allowing destructive actions");
}

/* In quiet mode, too. */
static void say_lowered(const struct command *c)
{
	for (unsigned i = 0; i < DTRACE_SIZES; i++)
		if (c->d.lowered[i])
			fprintf(stderr, "dtrace: %s\n", c->d.lowered[i]);
}

static int start_process(struct command *c, const struct wanted *wanted, struct diag *diag)
{
	struct rt_process *process = arena_vec_add(&c->d.arena, &c->d.run.processes);

	*process = (struct rt_process){ .pid = wanted->pid };
	if (!wanted->command)
		return kill(wanted->pid, 0) && errno == ESRCH ? dtrace_fail("failed to grab pid %d: no such process", wanted->pid) : 0;
	process->child = rt_child_start(wanted->command, diag);
	if (!process->child)
		return EXIT_ERROR;
	process->pid = rt_child_pid(process->child);
	return 0;
}

/* The first of them is $target. */
static int start_processes(struct command *c, struct diag *diag)
{
	const struct rt_process *first;

	vec_foreach(wanted, &c->processes)
		if (start_process(c, wanted, diag))
			return EXIT_ERROR;
	if (!c->processes.len)
		return 0;
	first = c->d.run.processes.data;
	c->d.compile.macros.target = first->pid;
	c->d.compile.target_program = first->child ? rt_child_program(first->child) : NULL;
	return 0;
}

/* An argument that no program names. */
static int check_args(const struct command *c)
{
	const struct macros *m = &c->d.compile.macros;

	for (unsigned i = 0; i < m->argc && !c->d.compile.unused_args; i++)
		if (!m->used[i])
			return dtrace_fail("failed to compile script: %sextraneous argument '%s' ($%u is not used)",
					   c->d.tags ? "[D_MACRO_UNUSED] " : "", m->argv[i], i + 1);
	return 0;
}

static void prepare(struct command *c)
{
	struct dtrace *d = &c->d;
	const char *testing = getenv("_DTRACE_TESTING");

	d->compile.dialect = DIALECT_D;
	d->compile.frames = true;
	d->compile.macros.name = c->programs.len ? c->programs.data[0].text : "dtrace";
	d->compile.macros.argv = c->args.data;
	d->compile.macros.argc = c->args.len;
	d->compile.macros.used = arena_array(&d->arena, bool, c->args.len + 1);
	d->run.style = RT_DTRACE;
	d->run.dtrace.testing = testing && *testing;
	if (d->show_code) {
		d->compile.dump = STAGE_BPF;
		d->compile.dump_to = stderr;
	}
}

static int list_probes(struct command *c, struct sources *sources, struct diag *diag)
{
	static const char everything[] = "dtrace:::,:::";

	if (!c->programs.len)
		source_add(sources, everything, everything, sizeof(everything) - 1);
	c->d.compile.list = stdout;
	c->d.compile.list_args = c->verbose;
	c->d.compile.allow_missing = true;
	if (!compile(&c->d.arena, sources, diag, &c->d.compile, &(struct image){ 0 }, &(struct probes){ 0 }))
		return 0;
	if (diag->errors)
		return EXIT_ERROR;
	return dtrace_fail("failed to match %s: No probe matches description", c->programs.len ? c->programs.data[0].text : ":::");
}

static int run(struct command *c, struct sources *sources, struct diag *diag)
{
	struct image image;
	struct probes probes;

	diag->show_tags = c->d.tags;
	if (c->list)
		return list_probes(c, sources, diag);
	if (start_processes(c, diag))
		return EXIT_ERROR;
	if (compile(&c->d.arena, sources, diag, &c->d.compile, &image, &probes) || check_args(c))
		return EXIT_ERROR;
	diag_flush(diag);
	if (c->compile_only)
		return 0;
	if (c->d.show_code)
		return 0;
	say_matches(c, &probes, sources);
	c->d.run.verbose = c->verbose;
	if (c->verbose)
		prov_describe(&probes, stderr);
	if (probes.script->is_destructive && !c->d.compile.destructive)
		return dtrace_fail("could not enable tracing: Destructive actions not allowed");
	say_lowered(c);
	return rt_run(&image, &probes, &c->d.run, diag);
}

static int dtrace(struct command *c, int argc, char **argv)
{
	struct sources sources = { 0 };
	struct diag diag;
	int status;

	if (argc == 1)
		return usage(stderr);
	dtrace_set_from_environment(&c->d);
	status = read_words(c, argc, argv);
	if (status < 0) {
		puts("dtrace: Sun D 1.13 (ply " PACKAGE_VERSION ")");
		return 0;
	}
	if (status)
		return status;
	if (!c->programs.len && !c->list) {
		dtrace_fail("no probes specified");
		return EXIT_USAGE;
	}
	diag_init(&diag, &sources);
	diag.as_dtrace = true;
	diag.tag_name = tag_name;
	prepare(c);
	status = add_programs(c, &sources);
	if (!status)
		status = run(c, &sources, &diag);
	diag_flush(&diag);
	vec_foreach(process, &c->d.run.processes)
		rt_child_destroy(process->child);
	diag_deinit(&diag);
	sources_deinit(&sources);
	return status;
}

int dtrace_main(int argc, char **argv)
{
	struct command c = { .d.compile.dump_to = stdout };
	int status;

#define OPTION(name, field, value, least, greatest, meaning) c.d.compile.field = value;
#include "options.def"
#undef OPTION
	status = dtrace(&c, argc, argv);
	arena_deinit(&c.d.arena);
	return status;
}
