// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the script's output goes: one buffer, written when a drain is done, when it is large, and once a second. */
#include "runtime/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

int out_open(struct rt *rt)
{
	rt->out = (struct out){ .fd = STDOUT_FILENO, .first_fd = -1 };
	if (!rt->opts->out)
		return 0;
	rt->out.fd = open(rt->opts->out, O_WRONLY | O_CREAT | O_CLOEXEC | (rt->opts->append ? O_APPEND : O_TRUNC), 0666);
	if (rt->out.fd >= 0)
		return 0;
	diag_error(rt->diag, SPAN_NONE, NULL, "cannot write to '%s': %s", rt->opts->out, strerror(errno));
	return -1;
}

static const char *out_name(const struct rt *rt)
{
	return rt->opts->out ? rt->opts->out : "stdout";
}

/* There is no room for the rest; there may be later. */
static bool is_full(struct rt *rt, int error, const char *rest, size_t len)
{
	if (error != ENOSPC && error != EDQUOT && error != EFBIG)
		return false;
	if (!rt->out.full && rt->end == RUNNING) {
		diag_warning(rt->diag, SPAN_NONE, NULL, "cannot write to '%s': %s; ply goes on", out_name(rt), strerror(error));
		diag_flush(rt->diag);
	}
	rt->out.full = error;
	for (size_t i = 0; i < len; i++)
		rt->out.lost += rest[i] == '\n';
	return true;
}

static void failed(struct rt *rt, int error)
{
	if (error == EPIPE) {
		rt->out.gone = true;
		if (rt->end == RUNNING)
			rt->end = END_OUTSIDE;
		return;
	}
	rt->out.error = error;
	rt->end = END_FAILED;
	diag_error(rt->diag, SPAN_NONE, NULL, "cannot write to '%s': %s", out_name(rt), strerror(error));
}

/* Others may have made it a pipe or terminal that does not wait. */
void out_flush(struct rt *rt)
{
	struct text *t = &rt->out.text;

	for (size_t done = 0; done < t->len && !rt->out.gone && !rt->out.error;) {
		ssize_t n = write(rt->out.fd, t->data + done, t->len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno == EAGAIN)
			poll(&(struct pollfd){ .fd = rt->out.fd, .events = POLLOUT }, 1, -1);
		else if (is_full(rt, errno, t->data + done, t->len - done))
			break;
		else if (errno != EINTR)
			failed(rt, errno);
	}
	rt->out.written += t->len;
	t->len = 0;
	rt->out.flushed = now_ns();
}

void out_report(struct rt *rt)
{
	if (rt->out.full)
		diag_warning(rt->diag, SPAN_NONE, NULL, "%llu line%s of output %s lost, since '%s' could not take %s: %s",
			     (unsigned long long)rt->out.lost, rt->out.lost == 1 ? "" : "s", rt->out.lost == 1 ? "was" : "were",
			     out_name(rt), rt->out.lost == 1 ? "it" : "them", strerror(rt->out.full));
}

void out_reopen(struct rt *rt, const char *path)
{
	int fd = *path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : -1;

	out_flush(rt);
	if (*path && fd < 0) {
		diag_warning(rt->diag, SPAN_NONE, NULL, "cannot write to '%s': %s", path, strerror(errno));
		diag_flush(rt->diag);
		return;
	}
	if (rt->out.first_fd < 0)
		rt->out.first_fd = rt->out.fd;
	else if (rt->out.fd != rt->out.first_fd)
		close(rt->out.fd);
	rt->out.fd = fd < 0 ? rt->out.first_fd : fd;
}

void out_truncate(struct rt *rt)
{
	out_flush(rt);
	if (!ftruncate(rt->out.fd, 0))
		lseek(rt->out.fd, 0, SEEK_SET);
}

void out_close(struct rt *rt)
{
	if (rt->out.first_fd >= 0)
		out_reopen(rt, "");
	if (rt->opts->out && rt->out.fd > 2 && close(rt->out.fd) && !rt->out.error)
		failed(rt, errno);
	text_deinit(&rt->out.text);
}
