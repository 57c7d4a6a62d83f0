// SPDX-License-Identifier: GPL-2.0-or-later
#include "dtrace.h"

#include "base/cleanup.h"
#include "runtime/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const defined[] = {
	"-D__linux=1", "-D__unix=1", "-D__SVR4=1", "-D__x86_64=1", "-D__amd64=1", "-D_LP64=1", "-D__SUNW_D=1", "-D__SUNW_D_64=1",
	"-D__SUNW_D_VERSION=0x02000000",
	/* for the system's headers, which ask for the machine, and what they have of the compiler's own */
	"-D__x86_64__=1", "-D__LP64__=1", "-D__signed__=signed", "-D__extension__=", "-D__attribute__(xyz)=",
	"-D__builtin_va_list=char *",
};

enum { NDEFINED = sizeof(defined) / sizeof(defined[0]) };

static void become_cpp(struct dtrace *d, int in, int out)
{
	unsigned n = 0;
	const char **argv = arena_array(&d->arena, const char *, NDEFINED + d->cpp_args.len + 4);

	argv[n++] = d->cpp ? d->cpp : "cpp";
	argv[n++] = "-undef";
	for (unsigned i = 0; i < NDEFINED; i++)
		argv[n++] = defined[i];
	vec_foreach(arg, &d->cpp_args)
		argv[n++] = *arg;
	argv[n++] = "-";
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	execvp(argv[0], (char *const *)argv);
	dtrace_fail("failed to run %s: %s", argv[0], strerror(errno));
	_exit(127);
}

/* The text goes to a file, since a pipe could be full while the other one is. */
static int temporary(const char *text, size_t len)
{
	char path[] = "/tmp/ply-cpp-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0)
		return -1;
	unlink(path);
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, text + done, len - done);

		if (n < 0) {
			close(fd);
			return -1;
		}
		done += (size_t)n;
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static bool run(struct dtrace *d, const char *text, size_t len, struct text *made)
{
	_cleanup_close_ int in = temporary(text, len);
	int out[2], status;
	ssize_t n;
	pid_t pid;

	if (in < 0 || pipe(out))
		return false;
	pid = fork();
	if (!pid)
		become_cpp(d, in, out[1]);
	close(out[1]);
	while ((n = read(out[0], text_room(made, 4096), 4096)) > 0)
		made->len += (size_t)n;
	close(out[0]);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

/* Whose lines are: the script's, those of a header of its own, the system's. */
enum origin { OWN, HEADER, SYSTEM };

static bool has_flag(const char *marker, char flag)
{
	const char *flags = strrchr(marker, '"');

	return flags && strchr(flags, flag);
}

/* "# 12 "file" FLAG…": the number of the line that follows, and where it is from. */
static bool is_marker(const char *line, unsigned *number, enum origin *origin)
{
	char *end;

	if (line[0] != '#' || line[1] != ' ' || !isdigit((unsigned char)line[2]))
		return false;
	*number = (unsigned)strtoul(line + 2, &end, 10);
	*origin = !strncmp(end, " \"<stdin>\"", 10) ? OWN : has_flag(end, '3') ? SYSTEM : HEADER;
	return true;
}

/* --- the system's headers: D has no use for functions, which are half of them and written in ways that are no D */

static bool begins_with(const char *text, const char *end, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(end - text) > len && !memcmp(text, word, len) && isspace((unsigned char)text[len]);
}

static bool is_function(const char *text, const char *end)
{
	const char *at = text;

	if (begins_with(text, end, "typedef"))
		return false;
	while (at < end && !strchr("({;", *at))
		at++;
	return begins_with(text, end, "extern") || begins_with(text, end, "static") || (at < end && *at == '(');
}

/* D has no numbers but integers. */
static bool has_word(const char *text, const char *end, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = memmem(at, (size_t)(end - at), word, len)); at += len)
		if ((at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_')) &&
		    (at + len == end || !(isalnum((unsigned char)at[len]) || at[len] == '_')))
			return true;
	return false;
}

static bool is_of_floats(const char *text, const char *end)
{
	return has_word(text, end, "float") || has_word(text, end, "double");
}

/* A function's definition ends with its brace. */
static const char *end_of_declaration(const char *text, const char *end, bool of_function)
{
	for (unsigned depth = 0; text < end;) {
		char c = *text++;

		depth += c == '(' || c == '{' || c == '[';
		depth -= depth && (c == ')' || c == '}' || c == ']');
		if (!depth && (c == ';' || (c == '}' && of_function)))
			break;
	}
	return text;
}

static void put_declarations(struct text *to, struct text *header)
{
	const char *at = header->data, *end = at + header->len, *next;

	for (; at && at < end; at = next) {
		bool left_out;

		while (at < end && isspace((unsigned char)*at))
			at++;
		left_out = is_function(at, end);
		next = end_of_declaration(at, end, left_out);
		if (!left_out && !is_of_floats(at, next))
			text_add(to, at, (size_t)(next - at));
	}
	header->len = 0;
}

/* A line that is no header's: errno.h makes of errno what only a program can call. */
static void put_own(struct text *to, const char *line)
{
	static const char errno_of_c[] = "(*__errno_location ())";
	const char *at;

	for (; (at = strstr(line, errno_of_c)); line = at + sizeof(errno_of_c) - 1)
		text_printf(to, "%.*serrno", (int)(at - line), line);
	text_puts(to, line);
}

struct lines {
	struct text *to, header;
	unsigned at;			/* the script's line that comes next */
};

/* Those of headers are no lines of the script: what they say stands before its next one. */
static void put_line(struct lines *x, const char *line, unsigned number, enum origin origin)
{
	if (origin == SYSTEM) {
		if (*line != '#')
			text_printf(&x->header, "%s ", line);
		return;
	}
	put_declarations(x->to, &x->header);
	/* cpp begins a line anew behind a header, and behind each macro that is a header's */
	if (origin == OWN && number + 1 == x->at && x->to->len && x->to->data[x->to->len - 1] == '\n') {
		x->to->data[x->to->len - 1] = ' ';
		x->at--;
	}
	for (; origin == OWN && x->at < number; x->at++)
		text_putc(x->to, '\n');
	put_own(x->to, line);
	text_putc(x->to, origin == OWN ? '\n' : ' ');
	x->at += origin == OWN;
}

static void put_lines(struct text *to, const struct text *made)
{
	struct lines x = { .to = to, .at = 1 };
	enum origin origin = OWN;
	unsigned number = 1;

	for (size_t i = 0; i < made->len;) {
		const char *line = made->data + i, *end = memchr(line, '\n', made->len - i);
		size_t len = end ? (size_t)(end - line) : made->len - i;
		char *copy = strndup(line, len);

		i += len + 1;
		if (!is_marker(copy, &number, &origin))
			put_line(&x, copy, number++, origin);
		free(copy);
	}
	put_declarations(to, &x.header);
	text_deinit(&x.header);
}

char *dtrace_preprocess(struct dtrace *d, const char *name, const char *text, size_t *len)
{
	char *source = arena_memdup(&d->arena, text, *len + 1), *result = NULL;
	struct text made = { 0 }, lines = { 0 };

	/* the line that tells the kernel what runs the script */
	if (!strncmp(source, "#!", 2))
		memset(source, ' ', strcspn(source, "\n"));
	if (run(d, source, *len, &made)) {
		put_lines(&lines, &made);
		*len = lines.len;
		text_putc(&lines, 0);
		result = arena_memdup(&d->arena, lines.data, lines.len);
	} else {
		dtrace_fail("failed to compile script %s: the C preprocessor failed", name);
	}
	text_deinit(&made);
	text_deinit(&lines);
	return result;
}
