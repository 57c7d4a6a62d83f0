// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/perf.h"

#include "base/cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int perf_open(struct perf_event_attr *attr, int pid, int cpu, int prog_fd)
{
	int fd, err;

	attr->size = sizeof(*attr);
	fd = (int)syscall(SYS_perf_event_open, attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (prog_fd < 0 || (!ioctl(fd, PERF_EVENT_IOC_SET_BPF, prog_fd) && !ioctl(fd, PERF_EVENT_IOC_ENABLE, 0)))
		return fd;
	err = errno;
	close(fd);
	return -err;
}

static int read_number(const char *path, const char *format)
{
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	int n;

	return f && fscanf(f, format, &n) == 1 ? n : -1;
}

int perf_type(const char *pmu)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/event_source/devices/%s/type", pmu);
	return read_number(path, "%d");
}

int perf_format_bit(const char *pmu, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/event_source/devices/%s/format/%s", pmu, name);
	return read_number(path, "config:%d");
}
