// SPDX-License-Identifier: GPL-2.0-or-later
#include "lang/checking.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct {
	const char *name;
	int64_t value;
} constants[] = {
#define CONSTANT(name) { #name, (int64_t)name },
#include "lang/constants.def"
#undef CONSTANT
};

bool constant_find(struct check *c, const char *name, int64_t *value)
{
	const int64_t *found;

	if (!c->well_known.len)
		for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++)
			strmap_put(&c->well_known, constants[i].name, (void *)&constants[i].value);
	found = strmap_get(&c->well_known, name);
	if (found)
		*value = *found;
	return found;
}

void constant_suggest(struct suggest *s)
{
	for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++)
		suggest_add(s, constants[i].name);
}
