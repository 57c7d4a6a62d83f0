// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The child of -c: forked before the script is compiled, since the script may name its pid; it waits on a pipe until the
 * probes are attached, then becomes the command. The wait is a readv, which few scripts trace.
 */
#include "runtime/run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

struct rt_child {
	const char *cmd, *file;
	pid_t pid;
	int go;				/* write end of the pipe; -1 once it was let go */
	bool ended;
	struct arena arena;
};

/* Splits at blanks; ' " and \ quote as in the shell. NULL if a quote is not closed. */
static char **split(struct arena *a, const char *cmd)
{
	VEC(char *) words = { 0 };
	char *out = arena_alloc(a, strlen(cmd) + 1), quote;

	for (;;) {
		cmd += strspn(cmd, " \t\n");
		if (!*cmd)
			break;
		*arena_vec_add(a, &words) = out;
		for (quote = 0; *cmd && (quote || !strchr(" \t\n", *cmd)); cmd++) {
			if (*cmd == quote)
				quote = 0;
			else if (!quote && (*cmd == '\'' || *cmd == '"'))
				quote = *cmd;
			else if (*cmd == '\\' && cmd[1] && (!quote || (quote == '"' && strchr("\"\\$`", cmd[1]))))
				*out++ = *++cmd;
			else
				*out++ = *cmd;
		}
		if (quote)
			return NULL;
		*out++ = 0;
	}
	*arena_vec_add(a, &words) = NULL;
	return words.data;
}

static bool is_program(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

/* Found here, so that the child makes one execve only; NULL with errno. */
static const char *find_program(struct arena *a, const char *name)
{
	const char *path = getenv("PATH"), *end;

	errno = ENOENT;
	if (strchr(name, '/'))
		return is_program(name) ? name : (access(name, X_OK), NULL);
	for (path = path ? path : "/usr/bin:/bin"; *path; path = *end ? end + 1 : end) {
		const char *file;

		end = path + strcspn(path, ":");
		file = arena_printf(a, "%.*s/%s", (int)(end - path), end > path ? path : ".", name);
		if (is_program(file))
			return file;
	}
	errno = ENOENT;
	return NULL;
}

static void become(int gate, const char *file, char **argv)
{
	char go;
	const struct iovec iov = { &go, 1 };
	sigset_t none;

	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (readv(gate, &iov, 1) == 1) {
		execv(file, argv);
		dprintf(STDERR_FILENO, "ply: cannot run '%s': %s\n", file, strerror(errno));
	}
	_exit(127);
}

static int start(struct rt_child *c, const char *file, char **argv)
{
	int gate[2];

	if (pipe2(gate, O_CLOEXEC))
		return -1;
	c->pid = fork();
	if (!c->pid) {
		close(gate[1]);
		become(gate[0], file, argv);
	}
	close(gate[0]);
	c->go = gate[1];
	return c->pid < 0 ? -1 : 0;
}

struct rt_child *rt_child_start(const char *cmd, struct diag *diag)
{
	struct rt_child *c = xcalloc(1, sizeof(*c));
	const char *file;
	char **argv;

	c->go = -1;
	c->cmd = arena_strdup(&c->arena, cmd);
	argv = split(&c->arena, cmd);
	if (!argv) {
		diag_error(diag, SPAN_NONE, NULL, "a quote is not closed in the command '%s'", cmd);
	} else if (!argv[0]) {
		diag_error(diag, SPAN_NONE, NULL, "the command is empty");
	} else if (!(file = find_program(&c->arena, argv[0]))) {
		diag_error(diag, SPAN_NONE, NULL, "cannot run '%s': %s", argv[0],
			   errno == ENOENT ? "there is no such program" : strerror(errno));
	} else if (start(c, file, argv)) {
		diag_error(diag, SPAN_NONE, NULL, "cannot run '%s': %s", argv[0], strerror(errno));
	} else {
		c->file = file;
		return c;
	}
	rt_child_destroy(c);
	return NULL;
}

const char *rt_child_program(const struct rt_child *c)
{
	return c->file;
}

pid_t rt_child_pid(const struct rt_child *c)
{
	return c->pid;
}

void child_release(struct rt_child *c)
{
	if (c->go >= 0) {
		(void)!write(c->go, "", 1);
		close(c->go);
	}
	c->go = -1;
}

/* Some are programs' own and have no name. */
static const char *signal_name(struct arena *a, int signo)
{
	const char *abbreviation = sigabbrev_np(signo);

	return abbreviation ? arena_printf(a, "SIG%s", abbreviation) : arena_printf(a, "signal %d", signo);
}

void child_report(struct rt_child *c, const struct rt_options *opts)
{
	int status;

	if (c->ended || waitpid(c->pid, &status, WNOHANG) != c->pid)
		return;
	c->ended = true;
	if (opts->style == RT_DTRACE && WIFSIGNALED(status))
		fprintf(stderr, "dtrace: pid %d terminated by %s\n", (int)c->pid, signal_name(&c->arena, WTERMSIG(status)));
	else if (opts->style == RT_DTRACE && !opts->dtrace.quiet)
		fprintf(stderr, "dtrace: pid %d has exited\n", (int)c->pid);
	else if (opts->style == RT_DTRACE)
		return;
	else if (WIFSIGNALED(status))
		fprintf(stderr, "ply: '%s' was ended by %s\n", c->cmd, signal_name(&c->arena, WTERMSIG(status)));
	else if (WEXITSTATUS(status) || opts->verbose)
		fprintf(stderr, "ply: '%s' exited with %d\n", c->cmd, WEXITSTATUS(status));
}

/* One that still runs is asked to end; one that was never let go sees the pipe closed. */
void rt_child_destroy(struct rt_child *c)
{
	if (!c)
		return;
	if (c->go >= 0)
		close(c->go);
	else if (c->pid > 0 && !c->ended)
		kill(c->pid, SIGTERM);
	arena_deinit(&c->arena);
	free(c);
}
