// SPDX-License-Identifier: GPL-2.0-or-later
/* What was lost, by cause and place: counted by the programs and by the kernel, told on stderr. */
#include "provider/mechanism.h"
#include "runtime/processes.h"
#include "runtime/style.h"

#include <bpf/bpf.h>
#include <string.h>

static const struct {
	const char *cause;
	const char *one, *many;		/* after the count, and the map's name before it if there is one */
	const char *hint;
} kinds[] = {
	[LOSS_RING_FULL] = {
		"ring full", "record was lost, since the ring buffer was full",
		"records were lost, since the ring buffer was full", "-x ringsize=SIZE makes it larger",
	},
	[LOSS_MAP_FULL] = {
		"map full", "update was lost, since the map was full",
		"updates were lost, since the map was full", "-x mapentries=N makes it larger",
	},
	[LOSS_MAP_BUSY] = {
		"map busy", "update was lost, since the kernel could not make an entry just then",
		"updates were lost, since the kernel could not make an entry just then", NULL,
	},
	[LOSS_READ_FAILED] = {
		"read failed", "read of memory failed and gave 0 or \"\"", "reads of memory failed and gave 0 or \"\"", NULL,
	},
	[LOSS_USER_STRING] = {
		"read failed", "read of memory failed and gave 0 or \"\"", "reads of memory failed and gave 0 or \"\"",
		"memory that was not touched yet is not there: keep the string in a variable, and use that in a later probe, where the call returns say",
	},
	[LOSS_DIVISION] = {
		"division by zero", "division by zero, which ended its clause",
		"divisions by zero, each of which ended its clause", NULL,
	},
	[LOSS_LOOP_LIMIT] = {
		"loop limit", "loop was stopped at the limit", "loops were stopped at the limit", "-x looplimit=N raises it",
	},
	[LOSS_SPECULATION] = {
		"speculation", "speculation failed, since as many as there may be were going on",
		"speculations failed, since as many as there may be were going on", "-x nspec=N allows more",
	},
	[LOSS_NESTED] = {
		"nested", "event was lost, since as many as there may be were being handled on its CPU",
		"events were lost, since as many as there may be were being handled on their CPU", NULL,
	},
	[LOSS_CONTENTION] = {
		"contention", "least or greatest value was lost, since others were set all the time",
		"least or greatest values were lost, since others were set all the time", NULL,
	},
	[LOSS_STACK] = {
		"stack", "stack was lost, since more new ones came than could be taken in",
		"stacks were lost, since more new ones came than could be taken in", NULL,
	},
	[LOSS_SAMPLE] = {
		"stack ring full", "user stack was lost, since the buffer for them was full",
		"user stacks were lost, since the buffer for them was full",
		"-x stackring=SIZE makes it larger; -x ustack=fp takes much less, where programs have frame pointers",
	},
	[LOSS_SCRATCH] = {
		"scratch", "request for more memory than a firing has, which ended its clause",
		"requests for more memory than a firing has, each of which ended its clause", NULL,
	},
};

static const char *place_text(struct rt *rt, struct span span)
{
	struct source_place p;

	if (!source_place(rt->image->sources, span, &p))
		return "";
	return arena_printf(rt->image->arena, "%s:%u:%u", p.source->name, p.line, p.column);
}

/* What a style is told is how many were lost since it was told last. */
static void tell_style(struct rt *rt, uint64_t *told, const char *cause, const char *what, const char *where, uint64_t n)
{
	if (rt->style->lost && n > *told)
		rt->style->lost(rt, cause, what, where, n - *told);
	*told = n;
}

static void print_drop(const struct rt *rt, const char *tag, uint64_t n, const char *what, const char *behind)
{
	fprintf(stderr, "dtrace: %s%s%s%llu %s%s%s\n", rt->dtrace.droptags ? "[DTRACEDROP_" : "", rt->dtrace.droptags ? tag : "",
		rt->dtrace.droptags ? "] " : "", (unsigned long long)n, what, n == 1 ? "" : "s", behind);
}

/* In the words of dtrace(1), which knows CPUs and no places; false: it has no word for that. */
static bool tell_as_dtrace(struct rt *rt, const struct loss_def *loss, unsigned cpu, uint64_t n)
{
	const char *tag, *what, *behind = "", *on_cpu = arena_printf(&rt->diag->arena, " on CPU %u", cpu);

	switch (loss->kind) {
	case LOSS_RING_FULL:
		tag = "PRINCIPAL", what = "drop", behind = on_cpu;
		break;
	case LOSS_MAP_FULL:
	case LOSS_MAP_BUSY:
		if (loss->name && *loss->name == '@')
			tag = "AGGREGATION", what = "aggregation drop", behind = on_cpu;
		else
			tag = "DYNAMIC", what = "dynamic variable drop";
		break;
	case LOSS_SPECULATION:
		tag = "SPECUNAVAIL", what = "failed speculation", behind = " (no speculative buffer available)";
		break;
	default:
		return false;
	}
	print_drop(rt, tag, n, what, behind);
	return true;
}

static uint64_t lost_on(struct rt *rt, const struct loss_def *loss, unsigned cpu)
{
	return __atomic_load_n((uint64_t *)(rt->data + loss->offset + cpu * loss->stride), __ATOMIC_RELAXED);
}

static bool tell_cpus(struct rt *rt, const struct loss_def *loss)
{
	bool known = true;

	for (unsigned cpu = 0; cpu < loss->cpus; cpu++)
		if (lost_on(rt, loss, cpu))
			known &= tell_as_dtrace(rt, loss, cpu, lost_on(rt, loss, cpu));
	return known;
}

static void tell(struct rt *rt, const struct loss_def *loss, uint64_t *told, uint64_t n)
{
	if (rt->opts->style == RT_DTRACE && tell_cpus(rt, loss))
		return;
	diag_warning(rt->diag, loss->span, NULL, "%s%s%llu %s", loss->name ? loss->name : "", loss->name ? ": " : "",
		     (unsigned long long)n, n == 1 ? kinds[loss->kind].one : kinds[loss->kind].many);
	if (kinds[loss->kind].hint)
		diag_hint(rt->diag, "%s", kinds[loss->kind].hint);
	tell_style(rt, told, kinds[loss->kind].cause, loss->name, place_text(rt, loss->span), n);
}

/* A program that would have interrupted itself was not run (Linux 5.12 counts that). */
static uint64_t recursions(const struct program *p)
{
	struct bpf_prog_info info;
	unsigned size;
	uint64_t n = 0;

	for (unsigned i = 0; i < p->prog_fds.len; i++) {
		memset(&info, 0, sizeof(info));
		size = sizeof(info);
		if (!bpf_obj_get_info_by_fd(p->prog_fds.data[i], &info, &size))
			n += info.recursion_misses;
	}
	return n;
}

static void tell_recursions(struct rt *rt, uint64_t *told)
{
	vec_foreach(ip, &rt->image->programs) {
		struct program *p = program_of(ip);
		uint64_t n = p->mechanism->attach ? recursions(p) : 0;

		if (n) {
			diag_warning(rt->diag, ip->funcs.len ? ip->funcs.data[0].span : SPAN_NONE, NULL,
				     "%llu event%s lost, since %s came while the same program was running",
				     (unsigned long long)n, n == 1 ? " was" : "s were", n == 1 ? "it" : "they");
			tell_style(rt, told, "recursion", ip->name, "", n);
		}
		told++;
	}
}

static void tell_processes(struct rt *rt, uint64_t *told)
{
	uint64_t n = processes_lost();

	if (!n)
		return;
	diag_warning(rt->diag, SPAN_NONE, NULL, "%llu exec, fork or mmap event%s lost, since too many came at once: addresses of those processes may have no names",
		     (unsigned long long)n, n == 1 ? " was" : "s were");
	tell_style(rt, told, "processes", NULL, "", n);
}

void losses_report(struct rt *rt)
{
	uint64_t *told;

	if (!rt->told)
		rt->told = arena_array(rt->image->arena, uint64_t, rt->image->losses.len + rt->image->programs.len + 1);
	told = rt->told;
	vec_foreach(loss, &rt->image->losses) {
		uint64_t n = 0;

		for (unsigned cpu = 0; cpu < loss->cpus; cpu++)
			n += lost_on(rt, loss, cpu);
		if (n)
			tell(rt, loss, told, n);
		told++;
	}
	if (rt->error_faults)
		print_drop(rt, "DBLERROR", rt->error_faults, "error", " in ERROR probe enabling");
	tell_recursions(rt, told);
	tell_processes(rt, told + rt->image->programs.len);
	out_flush(rt);
	out_report(rt);
	diag_flush(rt->diag);
}
