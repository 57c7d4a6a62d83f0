// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line: options, the program's text, and what to do with it. */
#include "base/cleanup.h"
#include "compile.h"
#include "config.h"
#include "dtrace.h"
#include "ir/lower.h"
#include "ir/passes.h"
#include "lang/getopt.h"
#include "runtime/features.h"
#include "runtime/session.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

enum { EXIT_ERROR = 1, EXIT_USAGE = 2 };

struct settings {
	struct compile_options compile;
	struct rt_options run;
	const char *command;		/* -c */
	struct rt_child *child;
	bool do_list, compile_only, styled;
};

/* With the options of -x, two a line, it fits a screen of 24 lines. */
static const char usage_text[] =
	"usage: ply [options] PROGRAM|FILE [args]   'syscall:read { @[comm] = count(); }'\n"
	"       ply -l [-v] [GLOB…]                 the probes that there are\n"
	"       ply --dtrace [options] …            as dtrace(1)\n"
	"\n"
	"  -c, --command=CMD    run CMD, and end when it ends; $target is its pid\n"
	"  -p, --pid=PID        only events of process PID, and end when it ends\n"
	"  -t, --timeout=SECS   end after SECS seconds\n"
	"  -o, --output=FILE    write to FILE\n"
	"  -F, --format=STYLE   text, json, dtrace\n"
	"  -w, --destructive    allow system(), signal() and the like\n"
	"  -Z, --zero           probes that match nothing are no error\n"
	"  -l, --list           list probes; with -v their arguments\n"
	"  -e, --compile-only   compile and check, do not run\n"
	"  -d, --dump=STAGE     print tokens, ast, typed, ir, passes, records, bpf\n"
	"  -v, --verbose        say what is done, and how\n"
	"  -h, --help; -V, --version\n"
	"  -x, --set NAME=VALUE set one of (default, greatest; ply(1) explains them):\n";

static const struct option long_options[] = {
	{ "command", required_argument, NULL, 'c' },
	{ "pid", required_argument, NULL, 'p' },
	{ "timeout", required_argument, NULL, 't' },
	{ "output", required_argument, NULL, 'o' },
	{ "format", required_argument, NULL, 'F' },
	{ "destructive", no_argument, NULL, 'w' },
	{ "unsafe", no_argument, NULL, 'w' },		/* bpftrace's */
	{ "zero", no_argument, NULL, 'Z' },
	{ "set", required_argument, NULL, 'x' },
	{ "list", no_argument, NULL, 'l' },
	{ "compile-only", no_argument, NULL, 'e' },
	{ "dry-run", no_argument, NULL, 'e' },	/* bpftrace's */
	{ "dump", required_argument, NULL, 'd' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

/* A setting of -x: where it is kept in struct compile_options, and its limits. */
struct setting {
	const char *name, *meaning;
	size_t offset;
	uint64_t value, least, greatest;
};

static const struct setting settings_table[] = {
#define OPTION(name, field, value, least, greatest, meaning) \
	{ #name, meaning, offsetof(struct compile_options, field), value, least, greatest },
#include "options.def"
#undef OPTION
};

enum { NSETTINGS = sizeof(settings_table) / sizeof(*settings_table) };

/* "4k": as one may write it. */
static const char *size_text(char *buf, size_t size, uint64_t value)
{
	const char *suffix = "";

	for (const char *s = "kmg"; *s && value && value % 1024 == 0; s++, value /= 1024)
		suffix = s;
	snprintf(buf, size, "%llu%.1s", (unsigned long long)value, suffix);
	return buf;
}

static void usage(FILE *out)
{
	char value[24], greatest[24], limits[64];

	fputs(usage_text, out);
	for (unsigned i = 0; i < NSETTINGS; i++) {
		const struct setting *s = &settings_table[i];

		snprintf(limits, sizeof(limits), "%s (%s, %s)", s->meaning, size_text(value, sizeof(value), s->value),
			 size_text(greatest, sizeof(greatest), s->greatest));
		if (i % 2)
			fprintf(out, "%-11s %s\n", s->name, limits);
		else
			fprintf(out, "  %-11s %-26s  ", s->name, limits);
	}
	fputs(NSETTINGS % 2 ? "\n" : "", out);
	fprintf(out, "  %-11s %-26s  %-11s %s\n", "ustack", "unwinds by auto, fp, dwarf", "defaultargs", "missing $1 is 0 or \"\"");
}

static int usage_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static int usage_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("ply: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputs("\nhint: ply --help lists the options\n", stderr);
	va_end(ap);
	return -EXIT_USAGE;
}

/* A number with an optional suffix k, m, g. */
static bool parse_size(const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (end == text || errno || *text == '-')
		return false;
	switch (tolower((unsigned char)*end)) {
	case 'g':
		*value <<= 10;
		/* fall through */
	case 'm':
		*value <<= 10;
		/* fall through */
	case 'k':
		*value <<= 10;
		end++;
	}
	return !*end;
}

static int set_ustack(struct compile_options *o, const char *name)
{
	static const char *const names[] = { [USTACK_AUTO] = "auto", [USTACK_FP] = "fp", [USTACK_DWARF] = "dwarf" };

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i], name)) {
			o->ustack = i;
			return 0;
		}
	return usage_error("-x ustack is fp, dwarf or auto, not '%s'", name);
}

/* Names separated by commas, each of which is known, or "all". */
static int set_names(const char **names, const char *option, const char *text, bool (*is_known)(const char *))
{
	char name[32];

	*names = text;
	for (size_t len; *text; text += len + (text[len] == ',')) {
		len = strcspn(text, ",");
		snprintf(name, sizeof(name), "%.*s", (int)len, text);
		if (!is_known(name) && strcmp(name, "all"))
			return usage_error("-x %s: there is no '%s'", option, name);
	}
	return 0;
}

static int set_nopass(struct compile_options *o, const char *text)
{
	return set_names(&o->passes_off, "nopass", text, ir_has_pass);
}

static int set_nofeature(struct compile_options *o, const char *text)
{
	return set_names(&o->features_off, "nofeature", text, rt_knows_feature);
}

static int set_number(struct compile_options *o, const struct setting *s, const char *text)
{
	uint64_t value;

	if (!text && s->greatest == 1)
		text = "1";
	if (!text)
		return usage_error("-x %s needs a value: -x %s=%lu", s->name, s->name, (unsigned long)s->value);
	if (!parse_size(text, &value))
		return usage_error("-x %s: '%s' is not a number", s->name, text);
	if (value < s->least || value > s->greatest)
		return usage_error("-x %s is between %lu and %lu", s->name, (unsigned long)s->least, (unsigned long)s->greatest);
	*(unsigned *)((char *)o + s->offset) = (unsigned)value;
	return 0;
}

static int set_option(struct compile_options *o, const char *text)
{
	const char *eq = strchr(text, '='), *value = eq ? eq + 1 : NULL;
	static const struct {
		const char *name;
		int (*set)(struct compile_options *o, const char *value);
	} words[] = { { "ustack", set_ustack }, { "nopass", set_nopass }, { "nofeature", set_nofeature } };
	char name[32];
	struct suggest near = { .name = name };

	snprintf(name, sizeof(name), "%.*s", eq ? (int)(eq - text) : -1, text);
	if (!strcmp(name, "defaultargs")) {
		o->macros.default_args = true;
		return value ? usage_error("-x defaultargs takes no value") : 0;
	}
	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!strcmp(words[i].name, name))
			return value ? words[i].set(o, value) : usage_error("-x %s needs a value", name);
		suggest_add(&near, words[i].name);
	}
	for (unsigned i = 0; i < NSETTINGS; i++) {
		if (!strcmp(settings_table[i].name, name))
			return set_number(o, &settings_table[i], value);
		suggest_add(&near, settings_table[i].name);
	}
	suggest_add(&near, "defaultargs");
	if (suggest_best(&near))
		return usage_error("there is no option '%s' of -x; did you mean '%s'?", name, suggest_best(&near));
	return usage_error("there is no option '%s' of -x", name);
}

static int set_stage(struct compile_options *o, const char *name)
{
	static const char *const names[] = {
		[STAGE_TOKENS] = "tokens", [STAGE_AST] = "ast", [STAGE_TYPED] = "typed", [STAGE_IR] = "ir",
		[STAGE_PASSES] = "passes", [STAGE_RECORDS] = "records", [STAGE_BPF] = "bpf",
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i] && !strcmp(names[i], name)) {
			o->dump = i;
			return 0;
		}
	return usage_error("-d takes tokens, ast, typed, ir, passes, records or bpf, not '%s'", name);
}

static int set_pid(struct settings *s, const char *text)
{
	char *end;
	long pid = strtol(text, &end, 10);

	if (end == text || *end || pid <= 0 || pid > INT_MAX)
		return usage_error("-p takes the number of a process, not '%s'", text);
	s->compile.pid = (int)pid;
	return 0;
}

static int set_timeout(struct settings *s, const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end || !(seconds > 0) || seconds > 1e9)
		return usage_error("-t takes a number of seconds, not '%s'", text);
	s->run.timeout = (uint64_t)(seconds * 1e9);
	return 0;
}

static int set_style(struct settings *s, const char *name)
{
	s->styled = true;
	if (!strcmp(name, "json"))
		s->run.style = RT_JSON;
	else if (!strcmp(name, "dtrace"))
		s->run.style = RT_DTRACE;
	else if (strcmp(name, "text"))
		return usage_error("-F takes text, json or dtrace, not '%s'", name);
	s->compile.json = s->run.style == RT_JSON;
	s->compile.frames = s->run.style == RT_DTRACE;
	return 0;
}

/* 0 to go on; else the exit status, negated if it is an error's. */
static int parse_option(struct settings *s, int c)
{
	switch (c) {
	case 'c':
		s->command = optarg;
		return 0;
	case 'p':
		return set_pid(s, optarg);
	case 't':
		return set_timeout(s, optarg);
	case 'o':
		s->run.out = optarg;
		return 0;
	case 'F':
	case 'f':
		return set_style(s, optarg);
	case 'w':
		s->compile.destructive = true;
		return 0;
	case 'Z':
		s->compile.allow_missing = true;
		return 0;
	case 'x':
		return set_option(&s->compile, optarg);
	case 'l':
		s->do_list = true;
		return 0;
	case 'e':
		s->compile_only = true;
		return 0;
	case 'd':
		return set_stage(&s->compile, optarg);
	case 'v':
		s->run.verbose = true;
		return 0;
	case 'S':
		return set_stage(&s->compile, "bpf"); /* ply 2's */
	case 'k':
	case 'u':
	case 'q':
	case 'B':
		return 0; /* ply 2's and bpftrace's: losses do not end the run, nothing is held back, or said that need not be; so it always is */
	default:
		return usage_error("usage: ply [options] PROGRAM|FILE [args]");
	}
}

static bool is_word(const char *text)
{
	return *text && !strpbrk(text, " \t\n{}<>:;");
}

/* Words that no program would be: a path or a name that ends as scripts do. */
static bool looks_like_path(const char *text)
{
	size_t len = strlen(text);

	if (!is_word(text))
		return false;
	return strchr(text, '/') || (len > 4 && !strcmp(text + len - 4, ".ply")) || (len > 2 && !strcmp(text + len - 2, ".d"));
}

/* The file that the word names: one here, or one of the scripts that came with ply, whose ending may be left out. */
static const char *find_script(struct arena *a, const char *word)
{
	static const char *const endings[] = { "", ".ply", ".d", NULL };
	const char *const *ending;
	const char *installed;

	if (!is_word(word) || strchr(word, '/') || !access(word, F_OK))
		return word;
	for (ending = endings; *ending; ending++) {
		installed = arena_printf(a, "%s/%s%s", PKGDATADIR, word, *ending);
		if (!access(installed, F_OK))
			return installed;
	}
	return word;
}

/* Adds what the word names: a file's text, or its own. -1, reported. */
static int add_source(struct arena *a, struct sources *sources, struct diag *diag, const char *word)
{
	_cleanup_close_ int fd = -1;
	_cleanup_free_ char *text = NULL;
	struct stat st;
	size_t size;

	word = find_script(a, word);
	if (stat(word, &st) && !looks_like_path(word)) {
		source_add(sources, "one-liner", word, strlen(word));
		return 0;
	}
	fd = open(word, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &st) && S_ISDIR(st.st_mode)) {
		diag_error(diag, SPAN_NONE, NULL, "%s is a directory, not a script", word);
		return -1;
	}
	if (fd >= 0)
		text = source_read(fd, &size);
	if (!text) {
		diag_error(diag, SPAN_NONE, NULL, "cannot read the script %s: %s", word, strerror(errno));
		return -1;
	}
	source_add(sources, arena_strdup(a, word), arena_memdup(a, text, size + 1), size);
	return 0;
}

static bool ends_in(const char *text, const char *suffix)
{
	size_t len = strlen(text), n = strlen(suffix);

	return len > n && !strcmp(text + len - n, suffix);
}

/* Words behind the program are the script's: options of ply's own would be ignored there, and so would one that it does not have. */
static bool has_unused_option(const struct macros *m, struct diag *diag)
{
	unsigned i = 0;

	while (i < m->argc && (m->used[i] || (m->options && option_at(m->options, i + 1))))
		i++;
	if (i == m->argc)
		return false;
	if (*m->argv[i] != '-' || isdigit((unsigned char)m->argv[i][1])) {
		diag_warning(diag, SPAN_NONE, NULL, "the script makes no use of '%s', its parameter $%u", m->argv[i], i + 1);
		return false;
	}
	diag_error(diag, SPAN_NONE, NULL, "the script has no option %s", m->argv[i]);
	diag_hint(diag, "options of ply stand before the program");
	return true;
}

static bool lacks_process(int pid, struct diag *diag)
{
	if (!pid || !kill(pid, 0) || errno != ESRCH)
		return false;
	diag_error(diag, SPAN_NONE, NULL, "there is no process %d", pid);
	return true;
}

static int run(struct settings *s, struct arena *a, struct sources *sources, struct diag *diag)
{
	struct image image;
	struct probes probes;

	if (s->command) {
		s->child = rt_child_start(s->command, diag);
		if (!s->child)
			return EXIT_ERROR;
		s->compile.macros.target = rt_child_pid(s->child);
		s->compile.target_program = rt_child_program(s->child);
		*arena_vec_add(a, &s->run.processes) = (struct rt_process){ rt_child_pid(s->child), s->child };
	} else if (s->compile.pid) {
		s->compile.macros.target = s->compile.pid;
		if (lacks_process(s->compile.pid, diag))
			return EXIT_ERROR;
	}
	if (s->compile.pid)
		*arena_vec_add(a, &s->run.processes) = (struct rt_process){ .pid = s->compile.pid };
	s->compile.macros.used = arena_array(a, bool, s->compile.macros.argc + 1);
	if (compile(a, sources, diag, &s->compile, &image, &probes)) {
		if (is_word(sources->list.data[0].text))
			diag_hint(diag, "there is no script of that name either");
		return EXIT_ERROR;
	}
	if (!s->compile.dump && has_unused_option(&s->compile.macros, diag))
		return EXIT_USAGE;
	if (s->compile.dump || s->compile_only)
		return 0;
	diag_flush(diag);	/* warnings come before what the script prints */
	if (s->run.verbose)
		prov_describe(&probes, stderr);
	return rt_run(&image, &probes, &s->run, diag);
}

/* #pragma D option in a D script. False: reported. */
static bool take_pragmas(struct settings *s, struct arena *a, const struct sources *sources)
{
	const struct source *source = &sources->list.data[0];
	struct dtrace d = { .compile = s->compile, .run = s->run, .arena = *a };
	bool ok = s->compile.dialect != DIALECT_D || dtrace_set_from_text(&d, source->name, source->text);

	s->compile = d.compile;
	s->run = d.run;
	*a = d.arena;
	return ok;
}

/* ply under another name is dtrace(1). */
static bool is_dtrace(const char *path)
{
	const char *name = strrchr(path, '/');

	return !strcmp(name ? name + 1 : path, "dtrace");
}

/*
 * The script's own options, and --help of any script that is a file. True: there is nothing more to do than to give
 * *status.
 */
static bool take_options(struct settings *s, struct arena *a, const struct sources *sources, int *status)
{
	struct macros *m = &s->compile.macros;
	const struct source *source = &sources->list.data[0];
	struct script_options *options = arena_new(a, struct script_options);
	const char *wrong = NULL, *hint = NULL;
	bool is_file = strcmp(source->name, "one-liner");

	options_find(a, source->text, options);
	m->options = options;
	if (options->list.len)
		wrong = options_take(a, options, m->argv, &m->argc, s->command || s->compile.pid, &hint);
	else if (is_file && m->argc && !strcmp(m->argv[0], "--help"))
		options->wants_help = true;
	if (wrong) {
		fprintf(stderr, "%s: %s\n", source->name, wrong);
		if (hint)
			fprintf(stderr, "hint: %s\n", hint);
		*status = EXIT_USAGE;
	} else if (options->wants_help) {
		options_help(stdout, is_file ? source->name : "ply PROGRAM", source->text, options);
		*status = 0;
	}
	return wrong || options->wants_help;
}

static int list(const struct settings *s, char **globs)
{
	struct sources none = { 0 };
	struct diag diag;
	int status = 0;

	diag_init(&diag, &none);
	if (lacks_process(s->compile.pid, &diag))
		status = EXIT_ERROR;
	diag_flush(&diag);
	diag_deinit(&diag);
	if (status)
		return status;
	do {
		if (prov_list(*globs, s->compile.pid, s->run.verbose, stdout))
			status = EXIT_ERROR;
	} while (*globs && *++globs);
	return status;
}

/* Files that ply opens do not take the place of standard ones that are closed; these then say that they are. */
static void guard_standard_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	struct settings s = { .compile = { .dump_to = stdout } };
	struct sources sources = { 0 };
	struct arena arena = { 0 };
	struct diag diag;
	int c, status;

	guard_standard_files();
	if (is_dtrace(argv[0]))
		return dtrace_main(argc, argv);
	if (argc > 1 && !strcmp(argv[1], "--dtrace"))
		return dtrace_main(argc - 1, argv + 1);
	for (unsigned i = 0; i < NSETTINGS; i++)
		*(unsigned *)((char *)&s.compile + settings_table[i].offset) = (unsigned)settings_table[i].value;
	while ((c = getopt_long(argc, argv, "+:c:p:t:o:F:f:wZx:led:SvkuqB:hV", long_options, NULL)) != -1) {
		switch (c) {
		case 'h':
			usage(stdout);
			return 0;
		case 'V':
			puts("ply " PACKAGE_VERSION);
			return 0;
		case ':':
			return -usage_error("option %s needs a value", argv[optind - 1]);
		case '?':
			return -usage_error("there is no option %s", argv[optind - 1]);
		}
		status = parse_option(&s, c);
		if (status)
			return -status;
	}
	if (s.do_list)
		return list(&s, argv + optind);
	if (optind == argc)
		return -usage_error("there is no program");

	diag_init(&diag, &sources);
	s.compile.macros.name = argv[optind];
	s.compile.macros.argv = argv + optind + 1;
	s.compile.macros.argc = (unsigned)(argc - optind - 1);
	s.compile.dialect = ends_in(argv[optind], ".d") ? DIALECT_D : DIALECT_PLY;
	if (s.compile.dialect == DIALECT_D && !s.styled)
		set_style(&s, "dtrace");
	if (add_source(&arena, &sources, &diag, argv[optind]) || !take_pragmas(&s, &arena, &sources))
		status = EXIT_ERROR;
	else if (!take_options(&s, &arena, &sources, &status))
		status = run(&s, &arena, &sources, &diag);
	diag_flush(&diag);
	rt_child_destroy(s.child);
	diag_deinit(&diag);
	sources_deinit(&sources);
	arena_deinit(&arena);
	return status;
}
