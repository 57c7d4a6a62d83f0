// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/stacks.h"

#include "base/arena.h"
#include "base/strmap.h"
#include "debuginfo/demangle.h"
#include "debuginfo/dwarf.h"
#include "debuginfo/process.h"
#include "runtime/perf_map.h"
#include "runtime/processes.h"
#include "runtime/run.h"
#include "runtime/symbols.h"
#include "runtime/unwind.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 256, FIRST_SLOTS = 1024, DRAIN_MAX = 512, PAUSE = -2, MANY_NUMBERS = 1 << 18, MANY_STACKS = 1 << 14 };
/* as numbers count time: half a minute */
static const uint64_t OLD = 30ull * 1000000000 << STACK_TIME_SHIFT;

static const struct stack none = { .number = STACK_NONE }, lost = { .number = STACK_LOST, .lost = true };

/* A hash table of pointers; the hash is kept. */
struct slot {
	uint64_t hash;
	struct stack *stack;
};

struct table_of_stacks {
	struct slot *slots;
	unsigned nslots, used;
};

static struct {
	struct rt *rt;
	const struct stacks_def *def;
	struct arena arena;
	struct table_of_stacks by_number, by_frames;
	struct strmap names;		/* of user code, as a person reads them */
	struct strmap labels;		/* each under itself */
	uint64_t parts;			/* stacks of our own */
	struct ring_buffer *ring;	/* of samples; NULL: there are none */
	struct stack *unwound;		/* room for one */
	uint64_t sampled;
	unsigned drained;
	uint64_t drained_bytes;
	uint64_t newest;		/* number of a sample */
	unsigned many_numbers, many_stacks;	/* so many are */
	uint64_t taken;			/* of the entries that were made, those that are out of the maps */
} stacks;

/* --- hash tables --- */

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93;
	h ^= h >> 32;
	return h;
}

/* mix(unmix(h)) == h */
static uint64_t unmix(uint64_t h)
{
	h ^= h >> 32;
	h *= 0xcfee444d8b59a89b;	/* the inverse modulo 2^64 */
	h ^= h >> 32;
	return h;
}

static struct slot *slot_at(const struct table_of_stacks *t, uint64_t hash, unsigned n)
{
	return &t->slots[(hash + n) & (t->nslots - 1)];
}

static void table_put(struct table_of_stacks *t, uint64_t hash, struct stack *s);

static void grow(struct table_of_stacks *t)
{
	struct table_of_stacks old = *t;

	t->nslots = old.nslots ? 2 * old.nslots : FIRST_SLOTS;
	t->slots = xcalloc(t->nslots, sizeof(*t->slots));
	t->used = 0;
	for (unsigned i = 0; i < old.nslots; i++)
		if (old.slots[i].stack)
			table_put(t, old.slots[i].hash, old.slots[i].stack);
	free(old.slots);
}

static void table_put(struct table_of_stacks *t, uint64_t hash, struct stack *s)
{
	unsigned n = 0;

	if (2 * (t->used + 1) > t->nslots)
		grow(t);
	while (slot_at(t, hash, n)->stack)
		n++;
	*slot_at(t, hash, n) = (struct slot){ hash, s };
	t->used++;
}

/* Numbers are different; their hashes are the numbers. */
static struct stack *find_number(uint64_t number)
{
	const struct table_of_stacks *t = &stacks.by_number;

	for (unsigned n = 0; t->nslots && slot_at(t, mix(number), n)->stack; n++)
		if (slot_at(t, mix(number), n)->hash == mix(number))
			return slot_at(t, mix(number), n)->stack;
	return NULL;
}

/* Code of a file is the same in all processes. */
static bool is_shared(const struct frame *f)
{
	return f->object && (f->object->is_file || f->object->is_vdso);
}

static uint64_t place(const struct frame *f)
{
	if (f->label)
		return (uintptr_t)f->label;
	return is_shared(f) ? (uintptr_t)f->object ^ f->offset : f->address;
}

static bool same_frame(const struct frame *a, const struct frame *b)
{
	if (a->label || b->label)
		return a->label == b->label;
	if (a->object != b->object || a->exact != b->exact)
		return false;
	return is_shared(a) ? a->offset == b->offset : a->address == b->address;
}

static uint64_t hash_of(const struct stack *s)
{
	uint64_t h = s->user;

	for (unsigned i = 0; i < s->n; i++)
		h = mix(h ^ place(&s->frames[i])) + i;
	return h;
}

static bool same(const struct stack *a, const struct stack *b)
{
	if (a->user != b->user || a->n != b->n || a->truncated != b->truncated || a->skipped != b->skipped)
		return false;
	for (unsigned i = 0; i < a->n; i++)
		if (!same_frame(&a->frames[i], &b->frames[i]))
			return false;
	return true;
}

/* --- learning --- */

/*
 * What stands on top of a stack that was taken from within the tracing itself. A kprobe's stack begins with the function, which
 * may be one of these, but not a program.
 */
static bool is_machinery(const char *name)
{
	static const char *const begins[] = {
		"bpf_prog_", "bpf_trampoline_", "bpf_trace_run", "__bpf_trace_", "__traceiter_", "bpf_get_stack", "trace_call_bpf",
		"perf_trace_", "__probestub_", "__SCT__tp_func_",
	};

	for (unsigned i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (!strncmp(name, begins[i], strlen(begins[i])))
			return true;
	return false;
}

/* What a return probe puts in the place of the address to return to. */
static bool is_return_trampoline(const char *name)
{
	return !strcmp(name, "arch_rethook_trampoline") || !strcmp(name, "__kretprobe_trampoline") ||
	       !strcmp(name, "kretprobe_trampoline") || !strcmp(name, "return_to_handler");
}

static unsigned leading_machinery(const uint64_t *addresses, unsigned n)
{
	struct kernel_symbol s;
	unsigned i = 0, leading = 0;

	if (!n || !kernel_symbol(addresses[0], &s) || is_return_trampoline(s.name))
		return n != 0;
	if (strncmp(s.name, "bpf_", 4))
		return 0;
	for (; i < n && i < 16; i++)
		if (kernel_symbol(addresses[i] - 1, &s) && is_machinery(s.name))
			leading = i + 1;
		else if (i > leading)
			break;
	return leading;
}

static unsigned count_frames(const uint64_t *addresses, unsigned max)
{
	unsigned n = 0;

	while (n < max && addresses[n])
		n++;
	return n;
}

static struct stack *read_kernel_stack(const uint64_t *addresses)
{
	unsigned n = count_frames(addresses, stacks.def->kernel_frames), skip = leading_machinery(addresses, n);
	struct stack *s = xmalloc(sizeof(*s) + n * sizeof(*s->frames));

	*s = (struct stack){ .n = n - skip, .truncated = stacks.def->cut && n == stacks.def->kernel_frames };
	for (unsigned i = 0; i < s->n; i++)
		s->frames[i] = (struct frame){ .address = addresses[skip + i], .exact = !skip && !i };
	return s;
}

static struct stack *read_user_stack(const void *key, uint64_t number)
{
	const uint64_t *addresses = (const uint64_t *)((const char *)key + sizeof(struct user_stack));
	unsigned n = count_frames(addresses, stacks.def->user_frames);
	struct stack *s = xmalloc(sizeof(*s) + n * sizeof(*s->frames));
	uint64_t time = number >> STACK_TIME_SHIFT;
	struct user_stack head;

	memcpy(&head, key, sizeof(head));
	*s = (struct stack){
		.user = true, .n = n, .pid = (unsigned)head.pid,
		.truncated = stacks.def->cut && n == stacks.def->user_frames,
	};
	processes_drain_until(time);
	for (unsigned i = 0; i < n; i++) {
		struct frame *f = &s->frames[i];

		*f = (struct frame){ .address = addresses[i], .exact = !i };
		f->object = dbg_process_find(s->pid, time, f->address - !f->exact, &f->offset);
		f->offset += !f->exact;
	}
	return s;
}

/* The stack that is equal to s, or a copy of it that will be that from now on. */
static struct stack *intern(const struct stack *s, uint64_t number)
{
	const struct table_of_stacks *t = &stacks.by_frames;
	uint64_t hash = hash_of(s);
	struct stack *copy;

	for (unsigned n = 0; t->nslots && slot_at(t, hash, n)->stack; n++)
		if (slot_at(t, hash, n)->hash == hash && same(slot_at(t, hash, n)->stack, s))
			return slot_at(t, hash, n)->stack;
	copy = xmalloc(sizeof(*s) + s->n * sizeof(*s->frames));
	memcpy(copy, s, sizeof(*s) + s->n * sizeof(*s->frames));
	copy->number = number;
	table_put(&stacks.by_frames, hash, copy);
	return copy;
}

static void learn(const void *key, uint64_t number, bool user)
{
	struct stack *s;

	if (find_number(number))
		return;
	s = user ? read_user_stack(key, number) : read_kernel_stack(key);
	table_put(&stacks.by_number, mix(number), intern(s, number));
	free(s);
}

static int take_sample(void *context, void *data, size_t size)
{
	const struct stack_sample *sample = data;
	struct stack *s = stacks.unwound;

	(void)context;
	if (size < sizeof(*sample))
		return 0;
	processes_drain_until(sample->number >> STACK_TIME_SHIFT);
	*s = (struct stack){ .user = true, .pid = (unsigned)sample->pid };
	s->n = unwind(sample, size, stacks.def->sample_size - SAMPLE_PAGE, s->frames, stacks.def->sample_frames, &s->truncated);
	table_put(&stacks.by_number, mix(sample->number), intern(s, sample->number));
	stacks.sampled++;
	stacks.newest = sample->number > stacks.newest ? sample->number : stacks.newest;
	stacks.drained_bytes += size;
	return ++stacks.drained < DRAIN_MAX ? 0 : PAUSE;
}

/* Takes in samples, some at a time, so that what they are keys of can be taken out as well; true if there are more. */
static bool drain(void)
{
	stacks.drained = 0;
	return stacks.ring && ring_buffer__consume(stacks.ring) == PAUSE;
}

/* Reads all that is in a map. */
static void read_map(const struct map_def *map, int fd, bool user)
{
	char *keys = xmalloc((size_t)BATCH * map->key_size);
	uint64_t numbers[BATCH];
	uint32_t from = 0, next = 0;
	bool first = true;
	unsigned n = BATCH, room = BATCH;
	uint64_t *values = numbers, *more = NULL;
	int err;

	do {
		n = room;
		err = bpf_map_lookup_batch(fd, first ? NULL : &from, &next, keys, values, &n, NULL);
		if (err && errno == ENOSPC) {	/* a bucket has more than that */
			room *= 2;
			keys = xrealloc(keys, (size_t)room * map->key_size);
			values = more = xrealloc(more, room * sizeof(*more));
			err = 0;
			continue;
		}
		if (err && errno != ENOENT)
			break;
		for (unsigned i = 0; i < n; i++)
			learn(keys + (size_t)i * map->key_size, values[i], user);
		from = next;
		first = false;
	} while (!err);
	free(keys);
	free(more);
}

/* The number's sample is among those in the ring; what comes meanwhile may come faster than it can be taken in. */
static void drain_for(uint64_t number)
{
	uint64_t begun = stacks.drained_bytes;

	while (drain() && !find_number(number) && stacks.drained_bytes - begun < stacks.def->samples->entries)
		;
}

static struct stack *read_number(uint64_t number)
{
	const struct stacks_def *def = stacks.def;

	if (def->kernel)
		read_map(def->kernel, stacks.rt->maps[def->kernel->index].inner, false);
	if (def->user)
		read_map(def->user, stacks.rt->maps[def->user->index].inner, true);
	drain_for(number);
	return find_number(number);
}

static const struct stack *stack_by_number(uint64_t number)
{
	struct stack *s;

	if (number == STACK_NONE || !stacks.rt)
		return &none;
	if (number == STACK_LOST)
		return &lost;
	s = find_number(number);
	if (!s)
		s = read_number(number);
	return s ? s : &lost;
}

/* --- forgetting --- */

bool stacks_are_many(void)
{
	return stacks.ring && (stacks.by_number.used >= stacks.many_numbers || stacks.by_frames.used >= stacks.many_stacks);
}

void stacks_keep(uint64_t number)
{
	struct stack *s = find_number(number);

	if (s)
		s->kept = true;
}

static bool is_new(uint64_t number)
{
	return number + OLD > stacks.newest;
}

/* Each sample has a number of its own, which nobody asks for any more once its key was taken out of the map. */
static void forget_numbers(void)
{
	struct table_of_stacks old = stacks.by_number;

	memset(&stacks.by_number, 0, sizeof(stacks.by_number));
	for (unsigned i = 0; i < old.nslots; i++) {
		const struct slot *slot = &old.slots[i];
		uint64_t number = unmix(slot->hash);

		if (slot->stack && slot->stack->kept && (slot->stack->number == number || is_new(number)))
			table_put(&stacks.by_number, slot->hash, slot->stack);
	}
	free(old.slots);
}

void stacks_forget(void)
{
	struct table_of_stacks old = stacks.by_frames;

	for (unsigned i = 0; i < stacks.by_number.nslots; i++)
		if (stacks.by_number.slots[i].stack && is_new(unmix(stacks.by_number.slots[i].hash)))
			stacks.by_number.slots[i].stack->kept = true;
	forget_numbers();
	memset(&stacks.by_frames, 0, sizeof(stacks.by_frames));
	for (unsigned i = 0; i < old.nslots; i++) {
		const struct slot *slot = &old.slots[i];

		if (slot->stack && slot->stack->kept)
			table_put(&stacks.by_frames, slot->hash, slot->stack);
		else
			free(slot->stack);
	}
	free(old.slots);
	for (unsigned i = 0; i < stacks.by_frames.nslots; i++)
		if (stacks.by_frames.slots[i].stack)
			stacks.by_frames.slots[i].stack->kept = false;
	if (stacks.many_numbers < 2 * stacks.by_number.used)
		stacks.many_numbers = 2 * stacks.by_number.used;
	if (stacks.many_stacks < 2 * stacks.by_frames.used)
		stacks.many_stacks = 2 * stacks.by_frames.used;
}

/* --- the run --- */

int stacks_init(struct rt *rt)
{
	stacks.rt = rt;
	stacks.def = &rt->image->stacks;
	stacks.many_numbers = MANY_NUMBERS;
	stacks.many_stacks = MANY_STACKS;
	if (!stacks.def->samples)
		return 0;
	stacks.unwound = xmalloc(sizeof(struct stack) + stacks.def->sample_frames * sizeof(struct frame));
	stacks.ring = ring_buffer__new(rt->maps[stacks.def->samples->index].fd, take_sample, NULL, NULL);
	if (stacks.ring)
		return 0;
	diag_error(rt->diag, stacks.def->samples->span, NULL, "cannot map the buffer for user stacks: %s", strerror(errno));
	return -1;
}

int stacks_fd(void)
{
	return stacks.ring ? ring_buffer__epoll_fd(stacks.ring) : -1;
}

void stacks_deinit(void)
{
	if (stacks.ring)
		ring_buffer__free(stacks.ring);
	free(stacks.unwound);
	strmap_deinit(&stacks.names);
	strmap_deinit(&stacks.labels);
	free(stacks.by_number.slots);
	for (unsigned i = 0; i < stacks.by_frames.nslots; i++)
		free(stacks.by_frames.slots[i].stack);
	free(stacks.by_frames.slots);
	arena_deinit(&stacks.arena);
	memset(&stacks, 0, sizeof(stacks));
}

static void take(struct map_def *map, bool user)
{
	struct rt_map *m;
	struct rt *rt = stacks.rt;

	if (!map || map_swap(rt, map))
		return;
	m = &rt->maps[map->index];
	read_map(map, m->spare, user);
	close(m->spare);
	m->spare = -1;
}

bool stacks_tend(void)
{
	const struct stacks_def *def = stacks.def;
	bool more = drain();
	uint64_t made;

	if (!stacks.rt || (!def->kernel && !def->user))
		return more;
	made = __atomic_load_n((uint64_t *)(stacks.rt->data + def->made), __ATOMIC_RELAXED);
	if (made - stacks.taken < (def->kernel ? def->kernel : def->user)->entries / 2)
		return more;
	stacks.taken = made;
	take(def->kernel, false);
	take(def->user, true);
	return more;
}

uint64_t stacks_sampled(void)
{
	uint64_t n = stacks.sampled;

	stacks.sampled = 0;
	return n;
}

/* The stack of a value of TYPE_STACK; never NULL. */
static const struct stack *stack_of(const struct value *v)
{
	uint64_t number = 0;

	memcpy(&number, v->bytes, v->size < sizeof(number) ? v->size : sizeof(number));
	return stack_by_number(number);
}

static void text_place_frame(struct text *t, const struct stack *s, enum type_show show);

/* A number that no program gives: there is no such CPU. */
static uint64_t own_number(uint64_t n)
{
	return n << STACK_TIME_SHIFT | ((1 << STACK_TIME_SHIFT) - 1);
}

/* Another stack in the place of s: what the type leaves of it. */
static struct stack *part_of(const struct stack *s, const struct type *type)
{
	unsigned skip = type->skip && !s->skipped ? type->skip < s->n ? type->skip : s->n : 0, n = s->n - skip;
	struct stack *part;

	if (type->count && n > type->count)
		n = type->count;
	part = xmalloc(sizeof(*s) + n * sizeof(*s->frames));
	*part = *s;
	part->n = n;
	part->skipped = type->skip > 0;
	part->truncated = s->truncated && n == s->n;
	for (unsigned i = 0; i < n; i++)
		part->frames[i] = s->frames[skip + i];
	return part;
}

/* Numbers that are shown as the same function or file are one. */
static void generalise(struct stack *s, enum type_show show)
{
	struct text t = { 0 };
	char *label;

	if (!s->n || show == SHOW_USYM || show == SHOW_KSYM)
		return;
	text_place_frame(&t, s, show);
	text_putc(&t, 0);
	label = strmap_get(&stacks.labels, t.data);
	if (!label) {
		label = arena_strdup(&stacks.arena, t.data);
		strmap_put(&stacks.labels, label, label);
	}
	s->frames[0] = (struct frame){ .label = label };
	text_deinit(&t);
}

uint64_t stack_canonical(const struct type *type, uint64_t number)
{
	const struct stack *s = stack_by_number(number);
	uint64_t own = own_number(stacks.parts + 1);
	struct stack *part, *known;

	if (s == &none || s->lost || (!type_is_place(type) && !type->skip && (!type->count || s->n <= type->count)))
		return s->number;
	part = part_of(s, type);
	if (type_is_place(type))
		generalise(part, type->show);
	known = intern(part, own);
	if (known->number == own) {
		table_put(&stacks.by_number, mix(own), known);
		stacks.parts++;
	}
	free(part);
	return known->number;
}

/* --- text --- */

static unsigned shown_frames(const struct stack *s, const struct type *type)
{
	return type->count && type->count < s->n ? type->count : s->n;
}

/* An address to return to may be behind the end of the function that called. */
static bool find_symbol(const struct frame *f, struct kernel_symbol *s)
{
	if (!kernel_symbol(f->address - !f->exact, s))
		return false;
	s->offset += !f->exact;
	return true;
}

static void text_kernel_frame(struct text *t, const struct frame *f, enum type_show form)
{
	struct kernel_symbol s;
	bool known = form != SHOW_RAW && find_symbol(f, &s);

	if (!known) {
		text_printf(t, form == SHOW_RAW ? "%llx" : "0x%llx", (unsigned long long)f->address);
		return;
	}
	if (form == SHOW_BPFTRACE || form == SHOW_PERF) {
		if (form == SHOW_PERF)
			text_printf(t, "%llx ", (unsigned long long)f->address);
		text_printf(t, "%s+%llu", s.name, (unsigned long long)s.offset);
		if (form == SHOW_PERF)
			text_printf(t, " (%s%s%s)", s.module ? "[" : "", s.module ? s.module : "[kernel.kallsyms]", s.module ? "]" : "");
		return;
	}
	text_puts(t, s.name);
	if (s.offset)
		text_printf(t, "+0x%llx", (unsigned long long)s.offset);
	if (s.module)
		text_printf(t, " [%s]", s.module);
}

/* The name in the source, made out once. */
static const char *demangled(const char *name)
{
	const char *known = strmap_get(&stacks.names, name);

	if (known)
		return known;
	known = dbg_demangle(&stacks.arena, name);
	strmap_put(&stacks.names, name, (void *)(known ? known : name));
	return known ? known : name;
}

static const char *user_symbol(const struct frame *f, unsigned pid, uint64_t *offset)
{
	struct dbg_elf *elf = f->object ? dbg_object_elf(f->object) : NULL;
	const struct dbg_symbol *s;
	uint64_t address;

	if (!f->object)
		return NULL;
	if (!is_shared(f))
		return perf_map_symbol(pid, f->address, offset);
	if (!elf || !dbg_elf_address(elf, f->offset - !f->exact, &address))
		return NULL;
	s = dbg_elf_function_at(elf, address);
	if (!s)
		return NULL;
	*offset = address + !f->exact - s->address;
	return demangled(s->name);
}

/* Where no symbol is known, the address in the file. */
static void text_user_frame(struct text *t, const struct frame *f, unsigned pid, enum type_show form,
			    const struct dbg_line *line)
{
	const struct dbg_object *o = f->object;
	uint64_t offset = 0, address = f->offset;
	const char *name = form == SHOW_RAW ? NULL : user_symbol(f, pid, &offset);

	if (form == SHOW_RAW || form == SHOW_PERF)
		text_printf(t, "%llx%s", (unsigned long long)f->address, form == SHOW_PERF ? " " : "");
	if (form == SHOW_RAW)
		return;
	if (f->is_signal) {
		text_puts(t, "[signal]");
		return;
	}
	if (line && line->function)
		text_puts(t, demangled(line->function));
	else if (name && (form == SHOW_PERF || form == SHOW_BPFTRACE)) {
		text_printf(t, "%s+%llu", name, (unsigned long long)offset);
	} else if (name) {
		text_puts(t, name);
		if (offset)
			text_printf(t, "+0x%llx", (unsigned long long)offset);
	} else {
		if (o && o->elf)
			dbg_elf_address(o->elf, f->offset, &address);
		text_printf(t, "0x%llx", (unsigned long long)(o && (o->is_file || o->is_vdso) ? address : f->address));
	}
	if (line && line->file)
		text_printf(t, " %s:%u", line->file, line->line);
	if (form == SHOW_PERF)
		text_printf(t, " (%s)", o && *o->path ? o->path : "[unknown]");
	else if (form != SHOW_BPFTRACE && o && *o->name)
		text_printf(t, *o->name == '[' ? " %s" : " [%s]", o->name);
}

static void text_frame(struct text *t, const struct stack *s, unsigned n, enum type_show form, const struct dbg_line *line)
{
	if (s->frames[n].label)
		text_puts(t, s->frames[n].label);
	else if (s->user)
		text_user_frame(t, &s->frames[n], s->pid, form, line);
	else
		text_kernel_frame(t, &s->frames[n], form);
}

enum { MAX_INLINED = 32 };

/* The places in the source that the frame stands for: 0 if they are not known or not asked for. */
static unsigned source_of(const struct stack *s, unsigned n, enum type_show form, struct dbg_line *lines)
{
	const struct frame *f = &s->frames[n];
	uint64_t address;

	if (!stacks.def->lines || form == SHOW_RAW || f->is_signal || !is_shared(f) || !dbg_object_elf(f->object) ||
	    !dbg_elf_address(f->object->elf, f->offset - !f->exact, &address))
		return 0;
	return dbg_dwarf_source(f->object->elf, address, lines, MAX_INLINED);
}

/* The frame that a place is in s, which may be what was left of it already. */
static const struct frame *place_of(const struct stack *s, const struct type *type)
{
	unsigned skip = s->skipped ? 0 : type->skip;

	return skip < s->n ? &s->frames[skip] : NULL;
}

static void text_function(struct text *t, const struct stack *s, const struct frame *f)
{
	struct kernel_symbol k;
	uint64_t offset;
	const char *name = s->user ? user_symbol(f, s->pid, &offset) : find_symbol(f, &k) ? k.name : NULL;

	if (name)
		text_puts(t, name);
	else
		text_printf(t, "0x%llx", (unsigned long long)f->address);
}

static void text_module(struct text *t, const struct stack *s, const struct frame *f)
{
	struct kernel_symbol k;

	if (s->user)
		text_puts(t, f->object && *f->object->name ? f->object->name : "[unknown]");
	else
		text_puts(t, find_symbol(f, &k) && k.module ? k.module : "vmlinux");
}

static bool has_module(const struct stack *s, const struct frame *f)
{
	return !s->user || (f->object && *f->object->name);
}

/* The first frame as module`function, or the module alone. */
static void text_place_frame(struct text *t, const struct stack *s, enum type_show show)
{
	if (show == SHOW_UMOD || show == SHOW_KMOD) {
		text_module(t, s, &s->frames[0]);
		return;
	}
	if (has_module(s, &s->frames[0])) {
		text_module(t, s, &s->frames[0]);
		text_putc(t, '`');
	}
	text_function(t, s, &s->frames[0]);
}

static void text_symbol(struct text *t, const struct stack *s, const struct frame *f)
{
	struct kernel_symbol k;
	uint64_t offset = 0;
	const char *name = s->user ? user_symbol(f, s->pid, &offset) : NULL;

	if (!s->user && find_symbol(f, &k)) {
		name = k.name;
		offset = k.offset;
	}
	if (name)
		text_puts(t, name);
	else
		text_printf(t, "0x%llx", (unsigned long long)f->address);
	if (name && offset)
		text_printf(t, "+0x%llx", (unsigned long long)offset);
}

uint64_t place_address(const struct value *v)
{
	const struct frame *f = place_of(stack_of(v), v->type);

	return f && !f->label ? f->address : 0;
}

void text_place(struct text *t, const struct value *v, bool dtrace)
{
	const struct stack *s = stack_of(v);
	const struct frame *f = place_of(s, v->type);

	if (!f) {
		text_puts(t, s->lost ? "[lost]" : "0x0");
	} else if (f->label) {
		text_puts(t, dtrace || !strchr(f->label, '`') ? f->label : strchr(f->label, '`') + 1);
	} else if (v->type->show == SHOW_UMOD || v->type->show == SHOW_KMOD) {
		text_module(t, s, f);
	} else {
		if (dtrace && has_module(s, f)) {
			text_module(t, s, f);
			text_putc(t, '`');
		}
		if (v->type->show == SHOW_UFUNC || v->type->show == SHOW_KFUNC)
			text_function(t, s, f);
		else
			text_symbol(t, s, f);
	}
}

static unsigned traced_process(void)
{
	const struct rt_options *opts = stacks.rt ? stacks.rt->opts : NULL;

	return opts && opts->processes.len ? (unsigned)opts->processes.data[0].pid : 0;
}

void text_user_address(struct text *t, uint64_t address)
{
	struct stack s = { .user = true, .pid = traced_process() };
	struct frame f = { .address = address, .exact = true };

	processes_drain();
	if (s.pid)
		f.object = dbg_process_find(s.pid, UINT64_MAX, address, &f.offset);
	if (f.object) {
		text_module(t, &s, &f);
		text_putc(t, '`');
	}
	text_symbol(t, &s, &f);
}

unsigned text_stack(struct text *t, const struct value *v, unsigned indent)
{
	const struct stack *s = stack_of(v);
	unsigned n = shown_frames(s, v->type), lines = 0;
	struct dbg_line source[MAX_INLINED];

	for (unsigned i = 0; i < n; i++) {
		unsigned places = source_of(s, i, v->type->show, source);

		for (unsigned j = 0; j < (places ? places : 1); j++, lines++) {
			text_fill(t, ' ', indent);
			text_frame(t, s, i, v->type->show, places ? &source[j] : NULL);
			text_putc(t, '\n');
		}
	}
	if (s->lost || (s->truncated && n == s->n)) {
		text_fill(t, ' ', indent);
		text_puts(t, s->lost ? "[lost]\n" : "[truncated]\n");
		lines++;
	}
	return lines;
}

void json_stack(struct text *t, const struct value *v)
{
	struct text lines = { 0 };
	unsigned n = text_stack(&lines, v, 0);
	const char *line = lines.data;

	text_putc(t, '[');
	for (unsigned i = 0; i < n; i++) {
		size_t len = (size_t)((const char *)memchr(line, '\n', (size_t)(lines.data + lines.len - line)) - line);

		if (i)
			text_puts(t, ", ");
		text_json_string(t, line, len);
		line += len + 1;
	}
	text_putc(t, ']');
	text_deinit(&lines);
}

static void text_frame_dtrace(struct text *t, const struct stack *s, const struct frame *f)
{
	const struct dbg_object *o = f->object;
	struct kernel_symbol k;
	uint64_t offset = 0;
	const char *name = s->user ? user_symbol(f, s->pid, &offset) : NULL, *module = o ? o->name : "";

	if (!s->user && find_symbol(f, &k)) {
		name = k.name;
		module = k.module ? k.module : "vmlinux";
		offset = k.offset;
	}
	if (*module)
		text_printf(t, "%s`", module);
	if (!name) {
		text_printf(t, "0x%llx", (unsigned long long)f->address);
		return;
	}
	text_puts(t, name);
	if (offset)
		text_printf(t, "+0x%llx", (unsigned long long)offset);
}

void text_stack_dtrace(struct text *t, const struct value *v, unsigned indent)
{
	const struct stack *s = stack_of(v);
	unsigned n = shown_frames(s, v->type);

	text_putc(t, '\n');
	for (unsigned i = 0; i < n; i++) {
		text_fill(t, ' ', indent);
		text_frame_dtrace(t, s, &s->frames[i]);
		text_putc(t, '\n');
	}
}

int stack_compare(const struct value *a, const struct value *b)
{
	const struct stack *x = stack_of(a), *y = stack_of(b);
	struct text s = { 0 }, t = { 0 };
	int order = 0;

	if (x == y)
		return 0;
	for (unsigned i = 0; i < x->n && i < y->n && !order; i++) {
		if (same_frame(&x->frames[i], &y->frames[i]))
			continue;
		s.len = t.len = 0;
		text_frame(&s, x, i, SHOW_NUMBER, NULL);
		text_frame(&t, y, i, SHOW_NUMBER, NULL);
		text_putc(&s, 0);
		text_putc(&t, 0);
		order = strcmp(s.data, t.data);
	}
	text_deinit(&s);
	text_deinit(&t);
	return order ? order : x->n < y->n ? -1 : x->n > y->n;
}
