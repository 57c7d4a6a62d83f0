// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signals wake the loop through an eventfd. They are not blocked, so that a write to a pipe that nobody reads can be
 * interrupted; and after the first that ends the run they do again what they do by default, so that the second
 * quits at once, whatever ply is doing. timeout(1) sends its signal to the child and to the group that the child is in: what
 * comes so soon is no second one.
 */
#include "runtime/run.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { NENDING = 3, SAME_NS = 100000000 };

static const int ending[NENDING] = { SIGINT, SIGHUP, SIGTERM };
static struct sigaction saved[NENDING], saved_usr1;
static volatile sig_atomic_t ended_by, report_wanted;
static uint64_t ended_at;
static int wake_fd = -1;

static void wake(void)
{
	const uint64_t one = 1;
	int error = errno;

	(void)!write(wake_fd, &one, sizeof(one));
	errno = error;
}

static void on_ending(int signo)
{
	if (!ended_by) {
		ended_by = signo;
		ended_at = now_ns();
		wake();
	} else if (now_ns() - ended_at > SAME_NS) {
		signal(signo, SIG_DFL);
		raise(signo);
	}
}

static void on_usr1(int signo)
{
	(void)signo;
	report_wanted = 1;
	wake();
}

/*
 * nohup asks to be left alone by ignoring SIGHUP. That SIGINT is ignored says less: a shell without job control does so to all that
 * it starts with "&", and a script that then ends ply with SIGINT wants its output.
 */
static void catch(int signo, void (*handler)(int), struct sigaction *old)
{
	const struct sigaction action = { .sa_handler = handler };

	sigaction(signo, NULL, old);
	if (old->sa_handler != SIG_IGN || signo != SIGHUP)
		sigaction(signo, &action, NULL);
}

int signals_open(struct rt *rt)
{
	ended_by = report_wanted = 0;
	wake_fd = rt->signal_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_fd < 0)
		return -1;
	for (unsigned i = 0; i < NENDING; i++)
		catch(ending[i], on_ending, &saved[i]);
	catch(SIGUSR1, on_usr1, &saved_usr1);
	return 0;
}

int signals_ended_by(void)
{
	return ended_by;
}

bool signals_take_report(struct rt *rt)
{
	uint64_t n;
	bool wanted = report_wanted;

	(void)!read(rt->signal_fd, &n, sizeof(n));
	report_wanted = 0;
	return wanted;
}

void signals_close(struct rt *rt)
{
	if (rt->signal_fd < 0)
		return;
	for (unsigned i = 0; i < NENDING; i++)
		sigaction(ending[i], &saved[i], NULL);
	sigaction(SIGUSR1, &saved_usr1, NULL);
	close(rt->signal_fd);
	rt->signal_fd = wake_fd = -1;
}
