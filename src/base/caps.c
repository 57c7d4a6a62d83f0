// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/caps.h"

#include "base/diag.h"

#include <linux/capability.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BPF = 39, PERFMON = 38 };	/* since Linux 5.8; older headers do not name them */

static bool has(const struct __user_cap_data_struct *caps, unsigned cap)
{
	return caps[cap / 32].effective >> cap % 32 & 1;
}

const char *caps_missing(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, caps) || has(caps, CAP_SYS_ADMIN))
		return NULL;
	if (has(caps, BPF))
		return has(caps, PERFMON) ? NULL : "CAP_PERFMON";
	return has(caps, PERFMON) ? "CAP_BPF" : "CAP_BPF and CAP_PERFMON";
}

void caps_hint(struct diag *d)
{
	const char *missing = caps_missing();

	if (missing)
		diag_hint(d, "run ply as root, or give it what it lacks: %s", missing);
	else
		diag_hint(d, "no capability is missing: a limit (kernel.perf_event_paranoid above 2; before Linux 5.11, "
			     "ulimit -l) or a security policy (lockdown, seccomp) forbids it");
}
