// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The measuring parts of `make bench`; run.sh puts them together.
 *
 *	bench calls N BATCH		makes N batches of BATCH getppid calls: ns a call, the 10th percentile of the batches
 *	bench burst N			makes N getppid calls, nothing else
 *	bench attach FILE.o [OUT]	loads and attaches a BPF object; prints "ready" and the programs' instructions; lines that it
 *					sends go to OUT; ends on SIGTERM and prints how many
 *	bench insns FILE.o		instructions of a BPF object's programs, as they were compiled, a line each
 *	bench runs N BATCH NAME…	makes N batches of BATCH calls of probed(): ns that a run of each program of those names takes,
 *					the 10th percentile of the batches, on one line
 *	bench start ROUNDS GAP_MS CMD [-- CMD …]	starts the commands in turn: median ms and greatest KiB of each, a line each
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double percentile(double *values, int n, int percent)
{
	qsort(values, (size_t)n, sizeof(*values), ascending);
	return values[n * percent / 100];
}

static int calls(int n, int batch)
{
	double *ns = calloc((size_t)n, sizeof(*ns));

	for (int i = 0; i < n; i++) {
		double begin = now_ns();

		for (int j = 0; j < batch; j++)
			syscall(SYS_getppid);
		ns[i] = (now_ns() - begin) / batch;
	}
	printf("%.1f\n", percentile(ns, n, 10));
	free(ns);
	return 0;
}

static int burst(long n)
{
	while (n--)
		syscall(SYS_getppid);
	return 0;
}

/* --- a user function --- */

/* Begins with a five-byte nop, which newer kernels make a call of where a probe stands on it. */
__attribute__((noinline, used, section(".text.probed"))) void probed(void)
{
	__asm__ volatile(".byte 0x0f, 0x1f, 0x44, 0x00, 0x00");
}

/* The descriptor of the newest program of that name. */
static int find_program(const char *name)
{
	int found = -1;

	for (__u32 id = 0; !bpf_prog_get_next_id(id, &id);) {
		struct bpf_prog_info info = { 0 };
		unsigned len = sizeof(info);
		int fd = bpf_prog_get_fd_by_id(id);

		if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len) || strcmp(info.name, name)) {
			close(fd);
			continue;
		}
		close(found);
		found = fd;
	}
	return found;
}

static int run_time(int prog, struct bpf_prog_info *info)
{
	unsigned len = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return bpf_obj_get_info_by_fd(prog, info, &len);
}

/* All of the programs run in each of the batches, so that they are in the same state of the machine. */
static int runs(int n, int batch, char **names, int count)
{
	int progs[count], stats = bpf_enable_stats(BPF_STATS_RUN_TIME);
	double *ns = calloc((size_t)(n * count), sizeof(*ns));
	struct bpf_prog_info before[count], after;

	for (int p = 0; p < count; p++) {
		progs[p] = find_program(names[p]);
		if (progs[p] < 0 || stats < 0 || run_time(progs[p], &before[p]))
			return 1;
	}
	for (int i = 0; i < n; i++) {
		for (int j = 0; j < batch; j++)
			probed();
		for (int p = 0; p < count; p++) {
			if (run_time(progs[p], &after) || after.run_cnt == before[p].run_cnt)
				return 1;
			ns[p * n + i] = (double)(after.run_time_ns - before[p].run_time_ns) / (double)(after.run_cnt - before[p].run_cnt);
			before[p] = after;
		}
	}
	for (int p = 0; p < count; p++)
		printf("%.1f%c", percentile(ns + p * n, n, 10), p + 1 < count ? ' ' : '\n');
	free(ns);
	return 0;
}

/* --- attach --- */

static volatile sig_atomic_t ended;
static unsigned long lines;

static void on_end(int sig)
{
	(void)sig;
	ended = 1;
}

static int on_line(void *out, void *data, size_t size)
{
	const struct { unsigned pid; char comm[16]; } *line = data;

	(void)size;
	fprintf(out, "%u %s\n", line->pid, line->comm);
	lines++;
	return 0;
}

static void print_sizes(struct bpf_object *obj)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj) {
		struct bpf_prog_info info = { 0 };
		unsigned len = sizeof(info);

		bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &len);
		printf("%s %zu\n", bpf_program__name(prog), (size_t)info.xlated_prog_len / 8);
	}
}

static int insns(const char *file)
{
	struct bpf_object *obj = bpf_object__open_file(file, NULL);
	struct bpf_program *prog;

	if (!obj)
		return 1;
	bpf_object__for_each_program(prog, obj)
		printf("%s %zu\n", bpf_program__name(prog), bpf_program__insn_cnt(prog));
	return 0;
}

/* Programs of uprobes go to probed() here. */
static struct bpf_link *attach_program(struct bpf_program *prog)
{
	LIBBPF_OPTS(bpf_uprobe_opts, opts, .func_name = "probed");
	char self[4096];
	ssize_t n;

	if (strcmp(bpf_program__section_name(prog), "uprobe"))
		return bpf_program__attach(prog);
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	self[n > 0 ? n : 0] = 0;
	return bpf_program__attach_uprobe_opts(prog, -1, self, 0, &opts);
}

static int attach(const char *file, const char *out_name)
{
	struct bpf_object *obj = bpf_object__open_file(file, NULL);
	struct ring_buffer *ring = NULL;
	struct bpf_program *prog;
	FILE *out = NULL;

	if (!obj || bpf_object__load(obj))
		return 1;
	bpf_object__for_each_program(prog, obj)
		if (!attach_program(prog))
			return 1;
	if (out_name) {
		out = fopen(out_name, "w");
		ring = ring_buffer__new(bpf_object__find_map_fd_by_name(obj, "events"), on_line, out, NULL);
	}
	signal(SIGTERM, on_end);
	print_sizes(obj);
	puts("ready");
	fflush(stdout);
	while (!ended) {
		if (ring) {
			ring_buffer__poll(ring, 10);
			ring_buffer__consume(ring);
		} else {
			pause();
		}
	}
	if (ring) {
		ring_buffer__consume(ring);
		fclose(out);
		printf("%lu\n", lines);
	}
	return 0;
}

/* --- start --- */

enum { MAX_COMMANDS = 16 };

static double run_once(char **argv, long *max_kib)
{
	struct rusage usage;
	double begin = now_ns();
	pid_t pid = vfork();
	int status;

	if (!pid) {
		execvp(argv[0], argv);
		_exit(127);
	}
	wait4(pid, &status, 0, &usage);
	if (usage.ru_maxrss > *max_kib)
		*max_kib = usage.ru_maxrss;
	return (now_ns() - begin) / 1e6;
}

static int start(int rounds, int gap_ms, char **argv)
{
	char **commands[MAX_COMMANDS] = { argv };
	double *ms[MAX_COMMANDS];
	long kib[MAX_COMMANDS] = { 0 };
	int n = 1;

	for (char **p = argv; *p; p++)
		if (!strcmp(*p, "--") && n < MAX_COMMANDS) {
			*p = NULL;
			commands[n++] = p + 1;
		}
	/* what the commands print is not looked at */
	if (dup2(1, 3) < 0 || !freopen("/dev/null", "w", stdout))
		return 1;
	for (int c = 0; c < n; c++)
		ms[c] = calloc((size_t)rounds, sizeof(double));
	for (int r = 0; r < rounds; r++)
		for (int c = 0; c < n; c++) {
			poll(NULL, 0, gap_ms);
			ms[c][r] = run_once(commands[c], &kib[c]);
		}
	for (int c = 0; c < n; c++)
		dprintf(3, "%.2f %ld\n", percentile(ms[c], rounds, 50), kib[c]);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "calls"))
		return calls(atoi(argv[2]), atoi(argv[3]));
	if (argc >= 5 && !strcmp(argv[1], "runs"))
		return runs(atoi(argv[2]), atoi(argv[3]), argv + 4, argc - 4);
	if (argc == 3 && !strcmp(argv[1], "burst"))
		return burst(atol(argv[2]));
	if (argc >= 3 && !strcmp(argv[1], "attach"))
		return attach(argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "insns"))
		return insns(argv[2]);
	if (argc >= 5 && !strcmp(argv[1], "start"))
		return start(atoi(argv[2]), atoi(argv[3]), argv + 4);
	fputs("usage: bench calls|runs|burst|insns|attach|start …\n", stderr);
	return 2;
}
