// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/ufunc.h"

#include "base/cleanup.h"
#include "base/strmap.h"
#include "provider/binary.h"
#include "provider/list.h"

#include <dwarf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The kernel's own number, which it should not give to anybody. */
enum { ENOTSUPP = 524 };

bool ufunc_is(enum target_kind kind)
{
	return kind == TARGET_UPROBE || kind == TARGET_URETPROBE || kind == TARGET_USDT;
}

bool ufunc_is_return(enum target_kind kind)
{
	return kind == TARGET_URETPROBE;
}

const struct type *ufunc_type(unsigned size, bool is_signed)
{
#define USER(bytes, sign) { .kind = TYPE_INT, .size = bytes, .is_signed = sign, .user = true }
	static const struct type types[4][2] = {
		{ USER(1, false), USER(1, true) }, { USER(2, false), USER(2, true) }, { USER(4, false), USER(4, true) },
		{ USER(8, false), USER(8, true) },
	};
#undef USER

	return &types[size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : 3][is_signed];
}

const struct dbg_function *ufunc_function(struct target *t)
{
	struct ufunc *u = t->info;

	if (!u->looked) {
		u->looked = true;
		u->function = u->at_entry ? dbg_dwarf_function(u->elf, u->address) : dbg_dwarf_variables(u->elf, u->address);
	}
	return u->function;
}

const struct dbg_param *ufunc_param(struct target *t, const char *name)
{
	const struct dbg_function *f = ufunc_function(t);
	char *end;
	unsigned long n = strtoul(name, &end, 10);

	if (f && *name && !*end)
		return n < f->nparams ? &f->params[n] : NULL;
	for (unsigned i = 0; f && i < f->nparams; i++)
		if (!strcmp(f->params[i].name, name))
			return &f->params[i];
	return NULL;
}

const struct type *ufunc_result_of_all(const struct event *e)
{
	const struct type *all = NULL;

	vec_foreach(t, &e->targets) {
		const struct dbg_function *f = ufunc_function(*t);

		if (!f || !type_is_scalar(f->result) ||
		    (all && (all->size != f->result->size || all->is_signed != f->result->is_signed)))
			return NULL;
		all = f->result;
	}
	return all;
}

static bool fires_on(const struct target *t, const struct clause *c)
{
	vec_foreach(n, &t->namings)
		if (n->clause == c)
			return true;
	return false;
}

/* The next program that the clause (NULL: any) probes, from target *at on; NULL: there is none more. */
static struct dbg_elf *next_program(struct probes *p, const struct clause *c, unsigned *at)
{
	const struct ufunc *before = *at && ufunc_is(p->targets.data[*at - 1]->kind) ? p->targets.data[*at - 1]->info : NULL;

	while (*at < p->targets.len) {
		const struct target *t = p->targets.data[(*at)++];
		const struct ufunc *u = ufunc_is(t->kind) ? t->info : NULL;

		if (u && (!before || u->elf != before->elf) && (!c || fires_on(t, c)))
			return u->elf;
	}
	return NULL;
}

/* Up to 0. In C++ the name alone is the type. */
static const int type_tags[][6] = {
	[TN_STRUCT] = { DW_TAG_structure_type, DW_TAG_class_type }, [TN_UNION] = { DW_TAG_union_type },
	[TN_ENUM] = { DW_TAG_enumeration_type },
	[TN_NAMED] = { DW_TAG_typedef, DW_TAG_class_type, DW_TAG_structure_type, DW_TAG_union_type, DW_TAG_enumeration_type },
};

const struct type *ufunc_type_named(struct probes *p, const struct clause *c, enum type_name_base base, const char *name)
{
	struct dbg_elf *e;

	for (unsigned at = 0; (e = next_program(p, c, &at));) {
		const struct type *type = dbg_dwarf_named(e, type_tags[base], name);

		if (type)
			return type;
	}
	return NULL;
}

const char *ufunc_lacking(struct probes *p, const char *path)
{
	return arena_printf(p->arena, "%s, which is %s", path, access(path, F_OK) ? "not there" : "of another build or of an unknown form");
}

const char *ufunc_suggest_types(struct probes *p, const struct clause *c, enum type_name_base base, struct suggest *near)
{
	const char *lacking = NULL;
	struct dbg_elf *e;

	for (unsigned at = 0; (e = next_program(p, c, &at));) {
		dbg_dwarf_suggest(e, type_tags[base], near);
		lacking = lacking ? lacking : dbg_dwarf_lacking(e);
	}
	return lacking ? arena_printf(p->arena, "the program's debug information is in %s", ufunc_lacking(p, lacking)) : NULL;
}

bool ufunc_constant(struct probes *p, const struct clause *c, const char *name, int64_t *value, const struct type **type)
{
	struct dbg_elf *e;

	for (unsigned at = 0; (e = next_program(p, c, &at));)
		if (dbg_dwarf_enumerator(e, name, value, type))
			return true;
	return false;
}

/*
 * A place that the clause fires at, if that tells where the program is: it is the only one, or the program is always in the same place. NULL: it
 * does not.
 */
static struct target *telling_target(struct probes *p, const struct clause *c)
{
	struct target *first = NULL;
	const struct ufunc *u, *other;

	vec_foreach(t, &p->targets) {
		if (!fires_on(*t, c))
			continue;
		if (!ufunc_is((*t)->kind))
			return NULL;
		first = first ? first : *t;
		u = first->info;
		other = (*t)->info;
		if (first != *t && (u->elf != other->elf || !dbg_elf_is_fixed(u->elf)))
			return NULL;
	}
	return first;
}

static const struct type *of_size(unsigned size)
{
	return size == 1 || size == 2 || size == 4 || size == 8 ? ufunc_type(size, false) : &type_void;
}

bool ufunc_symbol(struct probes *p, const struct clause *c, const char *name, uint64_t *address, const struct type **type,
		  struct suggest *near, const char **why)
{
	const struct target *t = telling_target(p, c);
	const struct ufunc *u = t ? t->info : NULL;
	const struct dbg_symbol *function;
	unsigned size;

	if (!u || !u->elf) {
		*why = "where a program's symbols are follows from where the probe is: the clause must have one place in a user program";
		return false;
	}
	if (ufunc_is_return(t->kind) && !dbg_elf_is_fixed(u->elf)) {
		*why = arena_printf(p->arena, "%s is position independent: where its symbols are is known where functions are entered (uprobe:)",
				    binary_called(p->arena, t->module));
		return false;
	}
	function = dbg_elf_function(u->elf, name, NULL);
	if (function) {
		*address = function->address;
		*type = &type_void;
		return true;
	}
	if (!dbg_elf_variable(u->elf, name, address, &size)) {
		*why = arena_printf(p->arena, "%s has no symbol '%s'", binary_called(p->arena, t->module), name);
		dbg_elf_suggest(u->elf, near);
		return false;
	}
	*type = dbg_dwarf_variable(u->elf, name);
	if (!*type)
		*type = of_size(size);
	return true;
}

/* Of the provider that is being listed. */
static struct arena listed;

struct ufunc *ufunc_of_list(struct dbg_elf *elf, uint64_t address, const char *args)
{
	struct ufunc *u = arena_new(&listed, struct ufunc);
	struct usdt_arg *parsed = args ? arena_array(&listed, struct usdt_arg, USDT_MAX_ARGS) : NULL;

	*u = (struct ufunc){ .elf = elf, .address = address, .at_entry = !args, .args_text = args, .args = parsed };
	u->nargs = args ? usdt_args_parse(&listed, args, parsed) : 0;
	return u;
}

struct file_listing {
	struct listing *l;
	const char *before, *bin;
	ufunc_list_fn *list;
};

static void list_file(void *data, const char *path, const char *name)
{
	const struct file_listing *f = data;
	struct dbg_elf *e = prov_glob(f->bin, name) ? dbg_elf_open(path) : NULL;

	if (e)
		f->list(f->l, f->before, e, name);
}

void ufunc_list(struct listing *l, const char *before, ufunc_list_fn *list)
{
	const struct process process = { .pid = list_pid(l) };
	const char *rest = list_rest(l, before), *bin, *path, *why;
	struct dbg_elf *e;

	if (!list_asks(l, before))
		return;
	arena_deinit(&listed);
	bin = arena_strndup(&listed, rest, strcspn(rest, ":"));
	if (prov_is_glob(bin) && !strchr(bin, '/') && process.pid) {
		binary_of_process(&listed, &process, list_file, &(struct file_listing){ l, before, bin, list });
		return;
	}
	if (prov_is_glob(bin) && strchr(bin, '/')) {
		binary_of_pattern(&listed, bin, list_file, &(struct file_listing){ l, before, bin, list });
		return;
	}
	if (prov_is_glob(bin)) {
		list_lacks(l, "functions and static probes of user programs",
			   "the glob has to name a program or library, as in 'uprobe:libc:*', or -p a process");
		return;
	}
	path = binary_find(&listed, bin, &process, NULL);
	e = path ? dbg_elf_open(path) : NULL;
	if (e)
		why = list(l, before, e, bin);
	else
		why = path ? "it is no ELF file" : "there is no such program or library";
	if (why && e && dbg_elf_is_cut(e))
		why = "the file is cut off";
	if (why)
		list_lacks(l, arena_printf(&listed, "probes of %s", bin), why);
}

static bool is_directory(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static int no_binary(struct probes *p, const struct spec_part *part, const struct suggest *near)
{
	int result;

	if (strchr(part->text, '/'))
		return prov_missing(p, part->span, is_directory(part->text) ? "%s is a directory" : "there is no file %s", part->text);
	result = prov_missing(p, part->span, "there is no program or library '%s'", part->text);
	if (suggest_best(near))
		diag_hint(p->diag, "did you mean '%s'?", suggest_best(near));
	return result;
}

static bool is_script(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char begin[2];

	return fd >= 0 && read(fd, begin, 2) == 2 && !memcmp(begin, "#!", 2);
}

struct process ufunc_process(const struct probes *p)
{
	return (struct process){ p->target, p->target_program };
}

bool ufunc_d_process(const struct probes *p, const char *prov, const char *prefix, struct process *process)
{
	size_t len = strlen(prov), digits = len;

	while (digits && prov[digits - 1] >= '0' && prov[digits - 1] <= '9')
		digits--;
	if (digits == len || !digits || len - digits > 9 || (prefix && (strlen(prefix) != digits || strncmp(prov, prefix, digits))))
		return false;
	process->pid = atoi(prov + digits);
	process->program = process->pid == p->target ? p->target_program : NULL;
	return process->pid && (!kill(process->pid, 0) || errno == EPERM);
}

static bool is_kernel_thread(struct arena *a, int pid)
{
	enum { PF_KTHREAD = 0x00200000 };
	_cleanup_fclose_ FILE *f = fopen(arena_printf(a, "/proc/%d/stat", pid), "re");
	unsigned flags;

	return f && fscanf(f, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %u", &flags) == 1 && flags & PF_KTHREAD;
}

/* A thread of the kernel never comes by the code of a program. */
static int no_user_code(struct probes *p, struct span span)
{
	if (!p->pid || !is_kernel_thread(p->arena, p->pid))
		return 0;
	return prov_missing(p, span, "process %d is a thread of the kernel, which runs no code of programs", p->pid);
}

int ufunc_open(struct probes *p, const struct spec_part *part, const char **path, struct dbg_elf **elf)
{
	struct suggest near = { .name = part->text };
	const struct process process = ufunc_process(p);
	int missing = no_user_code(p, part->span);

	if (missing)
		return missing;
	*path = binary_find(p->arena, part->text, &process, &near);
	if (!*path)
		return no_binary(p, part, &near);
	*elf = dbg_elf_open(*path);
	if (*elf)
		return 0;
	if (errno == ENOEXEC && is_script(*path))
		return prov_missing(p, part->span, "%s is a script; what runs it can be probed", *path);
	if (errno == ENOEXEC)
		return prov_missing(p, part->span, "%s is not an ELF program or library of this machine", *path);
	return prov_missing(p, part->span, "%s cannot be read: %s", *path, strerror(errno));
}

struct each_file {
	struct probes *p;
	struct clause *c;
	const struct spec *spec;
	ufunc_expand_fn *expand;
	struct name_list seen;
	int err;
};

static void expand_file(void *data, const char *path, const char *name)
{
	struct each_file *f = data;
	struct spec *spec = arena_memdup(f->p->arena, f->spec, sizeof(*spec));

	vec_foreach(seen, &f->seen)
		if (!strcmp(*seen, path))
			return;
	*arena_vec_add(f->p->arena, &f->seen) = path;
	if (!prov_glob(f->spec->parts.data[1].text, name))
		return;
	spec->parts.data = arena_memdup(f->p->arena, spec->parts.data, spec->parts.len * sizeof(*spec->parts.data));
	spec->parts.data[1].text = name;
	if (f->expand(f->p, f->c, spec) < 0)
		f->err = -1;
}

int ufunc_expand(struct probes *p, struct clause *c, struct spec *spec, ufunc_expand_fn *expand)
{
	struct each_file f = { .p = p, .c = c, .spec = spec, .expand = expand };
	const struct process process = ufunc_process(p);
	const char *bin = spec->parts.len > 2 ? spec->parts.data[1].text : "";
	unsigned before = p->matched;
	bool quiet = p->quiet;
	int missing;

	if (!prov_is_glob(bin) || !access(bin, F_OK))
		return expand(p, c, spec);
	missing = no_user_code(p, spec->parts.data[1].span);
	if (missing)
		return missing;
	if (!strchr(bin, '/') && !process.pid) {
		missing = prov_missing(p, spec->parts.data[1].span, "which files '%s' means depends on the process", bin);
		diag_hint(p->diag, "-p and -c say which; else the spec has to name a program or library");
		return missing;
	}
	p->quiet = true;
	if (strchr(bin, '/'))
		binary_of_pattern(p->arena, bin, expand_file, &f);
	else
		binary_of_process(p->arena, &process, expand_file, &f);
	p->quiet = quiet;
	if (f.err || p->matched > before)
		return f.err;
	if (!f.seen.len)
		return prov_missing(p, spec->parts.data[1].span, "there is no file '%s'", bin);
	return prov_missing(p, spec->span, "no file '%s'%s has '%s'", bin, strchr(bin, '/') ? "" : " of the process",
			    ufunc_joined(p->arena, spec, 2).text);
}

struct spec_part ufunc_joined(struct arena *a, const struct spec *spec, unsigned n)
{
	struct spec_part part = spec->parts.data[n];

	while (++n < spec->parts.len) {
		part.text = arena_printf(a, "%s:%s", part.text, spec->parts.data[n].text);
		part.span = span_join(part.span, spec->parts.data[n].span);
	}
	return part;
}

/* What places that hold their arguments alike have in common. The symbols of arguments lie in the file's own distance from the probe. */
static const char *arguments_key(struct arena *a, const struct ufunc *u)
{
	/* places that are not known yet have none */
	for (unsigned i = 0; u->args && i < u->nargs; i++)
		if (u->args[i].symbol)
			return arena_printf(a, "%p %llx %s", (void *)u->elf, (unsigned long long)u->address, u->args_text);
	return u->args_text;
}

int ufunc_needs_variant(struct event *e)
{
	struct strmap first = { 0 };	/* place with such arguments */
	struct arena keys = { 0 };
	unsigned n = 0;

	if (e->kind != TARGET_USDT || !(e->needs & NEED_ARGS))
		return 0;

	vec_foreach(t, &e->targets) {
		struct ufunc *u = (*t)->info, *other;
		const char *key = arguments_key(&keys, u);

		other = strmap_get(&first, key);
		u->variant = other ? other->variant : n++;
		if (!other)
			strmap_put(&first, key, u);
	}
	strmap_deinit(&first);
	arena_deinit(&keys);
	if (n > 1)
		e->needs |= NEED_TARGET;
	return n <= UFUNC_MAX_VARIANTS ? 0 : -1;
}

unsigned ufunc_cookie_bits(const struct target *t)
{
	const struct ufunc *u = t->info;

	return u->variant << UFUNC_VARIANT_SHIFT;
}

const char *ufunc_refusal(int error)
{
	switch (error) {
	case ENOENT:
		return "the file is not there any more";
	case EINVAL:
	case EIO:
	case EOPNOTSUPP:
	case ENOTSUPP:
		return "the kernel lets nobody probe the instruction there";
	default:
		return NULL;
	}
}
