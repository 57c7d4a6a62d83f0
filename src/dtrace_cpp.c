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

/* "# 12 "file" …": the number of the line that follows, and whether it is of the program itself. */
static bool is_marker(const char *line, unsigned *number, bool *is_own)
{
	char *end;

	if (line[0] != '#' || line[1] != ' ' || !isdigit((unsigned char)line[2]))
		return false;
	*number = (unsigned)strtoul(line + 2, &end, 10);
	*is_own = !strncmp(end, " \"<stdin>\"", 10);
	return true;
}

static void put_lines(struct text *to, const struct text *made)
{
	unsigned at = 1, number = 1;
	bool is_own = true;

	for (size_t i = 0; i < made->len;) {
		const char *line = made->data + i, *end = memchr(line, '\n', made->len - i);
		size_t len = end ? (size_t)(end - line) : made->len - i;
		char *copy = strndup(line, len);

		i += len + 1;
		if (!is_marker(copy, &number, &is_own)) {
			for (; is_own && at < number; at++)
				text_putc(to, '\n');
			text_add(to, copy, len);
			text_putc(to, is_own ? '\n' : ' ');
			at += is_own;
			number++;
		}
		free(copy);
	}
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
