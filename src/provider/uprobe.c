// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Functions of user programs: uprobe:BINARY:FUNCTION[+OFFSET], uprobe:BINARY:0xADDRESS, uretprobe:BINARY:FUNCTION.
 *
 * A target is a place in a file: all names of a function, and all ways to call the file, lead to one. Functions are named
 * as in the source (C++, Rust) or as in the symbol table; several of one name are all meant.
 */
#include "provider/binary.h"
#include "provider/late.h"
#include "provider/list.h"
#include "provider/mechanism.h"
#include "provider/uplace.h"
#include "provider/ufunc.h"

#include "debuginfo/cfi.h"

#include <string.h>

/* uprobe:FILE:LINE is of the program that is traced. */
static bool is_line_only(const struct spec *spec)
{
	static const char sources[] = "c cc cpp cxx c++ C h hh hpp hxx rs go d m f90";
	const char *dot = spec->parts.len == 3 ? strrchr(spec->parts.data[1].text, '.') : NULL;
	const char *line = dot ? spec->parts.data[2].text : "";

	return dot && prov_has_word(sources, dot + 1) && *line && !line[strspn(line, "0123456789")];
}

static int open_target(struct expansion *x)
{
	const struct process process = ufunc_process(x->p);

	x->path = process.pid ? binary_find(x->p->arena, "a.out", &process, NULL) : NULL;
	x->elf = x->path ? dbg_elf_open(x->path) : NULL;
	if (x->elf) {
		x->called = binary_called(x->p->arena, x->path);
		return 0;
	}
	diag_error(x->p->diag, x->spec->span, "PDESC_INVAL", "which program '%s' is of is not known", x->spec->text);
	diag_hint(x->p->diag, "-p and -c say which, or the spec itself: uprobe:BINARY:FILE:LINE");
	return -1;
}

/* The file, and the text of the place in it. */
static int open_spec(struct expansion *x, const struct provider *prov)
{
	const struct spec *spec = x->spec;
	bool line_only = is_line_only(spec);
	/* bpftrace's uprobe:BINARY:cpp:"ns::f(int)" */
	bool has_language = spec->parts.len > 3 && !strcmp(spec->parts.data[2].text, "cpp");

	if (spec->parts.len < 3 || !*spec->parts.data[1].text || !*spec->parts.data[2].text)
		return prov_bad_spec(x->p, spec, prov);
	x->part = ufunc_joined(x->p->arena, spec, line_only ? 1 : 2 + has_language);
	if (line_only)
		return open_target(x);
	x->called = spec->parts.data[1].text;
	return ufunc_open(x->p, &spec->parts.data[1], &x->path, &x->elf);
}

/* The kernel takes the word on top of the stack for the return address, which it is only where a function is entered. */
static int refuse_inside(struct expansion *x)
{
	diag_error(x->p->diag, x->part.span, "PDESC_INVAL",
		   "a uretprobe stands where a function is entered: within one it would crash the program");
	diag_hint(x->p->diag, "uretprobe:%s:FUNCTION fires where the function returns", x->called);
	return -1;
}

/* By the information for unwinding: something is on the stack besides the return address. */
static bool has_frame(struct dbg_elf *elf, uint64_t address)
{
	struct dbg_cfi *cfi = dbg_cfi_open(elf);
	bool is_32bit = dbg_elf_is_32bit(elf);
	unsigned reg;
	int64_t size;
	bool known = cfi && dbg_cfi_cfa(cfi, address, &reg, &size);

	dbg_cfi_close(cfi);
	return known && (reg != (is_32bit ? CFI32_SP : CFI_SP) || size != (is_32bit ? 4 : 8));
}

static bool is_inside(const struct expansion *x)
{
	const struct dbg_symbol *in;

	if (x->place.function)
		return x->place.offset;
	in = dbg_elf_function_at(x->elf, x->place.offset);
	return in ? in->address != x->place.offset : has_frame(x->elf, x->place.offset);
}

static int expand_kind(struct probes *p, struct clause *c, struct spec *spec, enum target_kind kind,
		       const struct provider *prov)
{
	struct expansion x = { .p = p, .c = c, .spec = spec, .kind = kind };
	const char *file;
	unsigned line;
	int err = open_spec(&x, prov);

	if (err)
		return err;
	if (kind == TARGET_URETPROBE && uplace_is_go(x.elf))
		return uplace_refuse_go(&x);
	if (!x.part.quoted && uplace_parse_line(p->arena, x.part.text, &file, &line))
		return kind == TARGET_URETPROBE ? refuse_inside(&x) : uplace_add_line(&x, file, line);
	uplace_parse(p->arena, x.part.text, &x.place);
	if (kind == TARGET_URETPROBE && is_inside(&x))
		return refuse_inside(&x);
	return x.place.function ? uplace_add_functions(&x) : uplace_add_address(&x);
}

static int expand_entry(struct probes *p, struct clause *c, struct spec *spec)
{
	return expand_kind(p, c, spec, TARGET_UPROBE, &prov_uprobe);
}

static int expand_return(struct probes *p, struct clause *c, struct spec *spec)
{
	return expand_kind(p, c, spec, TARGET_URETPROBE, &prov_uretprobe);
}

static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	(void)near;
	return ufunc_expand(p, c, spec, expand_entry);
}

static int expand_ret(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	(void)near;
	return ufunc_expand(p, c, spec, expand_return);
}

/* variables */

/* A number that is used as an address is one in user memory. */
static const struct type *of_user(const struct type *type)
{
	return type->kind == TYPE_INT && type->size == 8 && type->show == SHOW_NUMBER ? ufunc_type(8, type->is_signed) : type;
}

static const struct type *builtin(struct probes *p, struct target *t, const char *name, const char **why)
{
	bool is_return = t->kind == TARGET_URETPROBE, is_arg = !strncmp(name, "arg", 3) && name[3];
	const struct dbg_function *f;

	/* D: arg1 of a return probe is what the function returns */
	if (is_arg && (!is_return || (!strcmp(name, "arg1") && p->script->dialect == DIALECT_D)))
		return ufunc_type(8, true);
	if (is_arg) {
		*why = "arguments are known where the function is entered (uprobe:)";
		return NULL;
	}
	if (strcmp(name, "retval")) {
		*why = "user functions do not have it";
		return NULL;
	}
	if (!is_return) {
		*why = "it is known where the function returns (uretprobe:)";
		return NULL;
	}
	f = ufunc_function(t);
	if (f && f->result->kind == TYPE_VOID && !t->optional) {
		*why = "the function returns nothing";
		return NULL;
	}
	if (f && f->is_floating && !t->optional) {
		*why = "the function returns a floating-point number, whose register no program can read";
		return NULL;
	}
	return f && type_is_scalar(f->result) ? of_user(f->result) : ufunc_type(8, true);
}

/* arguments by name */

static const struct type *arg(struct probes *p, struct target *t, const char *name)
{
	const struct dbg_param *param;

	(void)p;
	if (t->kind == TARGET_URETPROBE)
		return NULL;
	param = ufunc_param(t, name);
	return param && param->kind != DBG_PARAM_NOWHERE ? of_user(param->type) : NULL;
}

static const char *arg_names(struct probes *p, struct target *t, struct suggest *near)
{
	const struct dbg_function *f = ufunc_function(t);
	const char *names = NULL;

	for (unsigned i = 0; t->kind == TARGET_UPROBE && f && i < f->nparams; i++) {
		const char *name = f->params[i].name;

		if (f->params[i].kind == DBG_PARAM_NOWHERE)
			continue;
		if (near)
			suggest_add(near, name);
		names = names ? arena_printf(p->arena, "%s, %s", names, name) : name;
	}
	return names;
}

static const char *hex(struct arena *a, const unsigned char *bytes, unsigned len)
{
	char *text = arena_alloc(a, 2 * len + 1);

	for (unsigned i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

static bool no_debug_info(struct probes *p, struct target *t, struct span span)
{
	const struct ufunc *u = t->info;
	const char *lacking = dbg_dwarf_lacking_at(u->elf, u->address);
	unsigned len;
	const unsigned char *id = dbg_elf_build_id(u->elf, &len);

	if (lacking) {
		diag_error(p->diag, span, "ARG_UNDEF", "arguments by name need debug information, and that of %s is in %s",
			   t->namings.data[0].func, ufunc_lacking(p, lacking));
		diag_hint(p->diag, "arg0, arg1 … are there without it");
		return true;
	}
	diag_error(p->diag, span, "ARG_UNDEF", "arguments by name need debug information, and %s has none%s%s", binary_called(p->arena, t->module),
		   dbg_elf_dwarf(u->elf) ? " of " : "", dbg_elf_dwarf(u->elf) ? t->namings.data[0].func : "");
	if (dbg_elf_dwarf(u->elf) || !id)
		diag_hint(p->diag, "arg0, arg1 … are there without it");
	else
		diag_hint(p->diag, "arg0, arg1 … are there without it; the package with its debug information has the build id %s",
			  hex(p->arena, id, len));
	return true;
}

static bool no_late_arg(struct probes *p, struct span span)
{
	diag_error(p->diag, span, "ARG_UNDEF", "what arguments are called is not known of files that are yet to come");
	diag_hint(p->diag, "a probe that names its module (pid123:a.out:FUNCTION:entry) does not wait for others; arg0, arg1 … are always there");
	return true;
}

static bool no_arg(struct probes *p, struct target *t, const char *name, struct span span)
{
	const struct dbg_param *param;

	if (t->kind == TARGET_URETPROBE) {
		diag_error(p->diag, span, "ARG_UNDEF", "arguments are known where the function is entered (uprobe:)");
		return true;
	}
	if (t->is_late)
		return no_late_arg(p, span);
	if (!ufunc_function(t))
		return no_debug_info(p, t, span);
	if (!ufunc_function(t)->nparams && ((const struct ufunc *)t->info)->at_entry) {
		diag_error(p->diag, span, "ARG_UNDEF", "the debug information of %s tells no arguments of %s",
			   binary_called(p->arena, t->module), t->namings.data[0].func);
		diag_hint(p->diag, "arg0, arg1 … are there without it");
		return true;
	}
	param = ufunc_param(t, name);
	if (param)
		diag_error(p->diag, span, "ARG_UNDEF", "args.%s of %s cannot be read: %s", name, t->namings.data[0].func, param->why);
	return param;
}

static bool same_args(struct probes *p, const struct event *e, struct target *a, struct target *b)
{
	(void)p;
	vec_foreach(name, &e->args) {
		const struct dbg_param *x = ufunc_param(a, *name), *y = ufunc_param(b, *name);

		if (!x || !y || x->kind != y->kind || x->place != y->place || x->offset != y->offset || !type_equal(x->type, y->type))
			return false;
	}
	return true;
}

/* listing */

/* FILE:LINE, whose variables -v shows. */
static bool list_line(struct listing *l, struct dbg_elf *elf, const char *called, const char *text)
{
	struct target t = { .kind = TARGET_UPROBE, .module = called };
	struct arena a = { 0 };
	unsigned line, next;
	const char *file;
	struct ufunc *u;
	uint64_t first;
	bool is_line = uplace_parse_line(&a, text, &file, &line);

	if (is_line && dbg_dwarf_line(elf, file, line, &first, 1, &next)) {
		t.info = u = ufunc_of_list(elf, first, NULL);
		u->at_entry = false;
		list_add_meant(l, &t, true, "uprobe:%s:%s:%u", called, file, line);
	}
	arena_deinit(&a);
	return is_line;
}

static const char *list_file(struct listing *l, const char *before, struct dbg_elf *elf, const char *called)
{
	enum target_kind kind = strcmp(before, "uprobe:") ? TARGET_URETPROBE : TARGET_UPROBE;
	const char *behind = strchr(list_rest(l, before), ':');
	struct arena kept = { 0 };
	const struct dbg_symbol *list;
	struct place place = { 0 };
	unsigned n;

	if (behind && kind == TARGET_UPROBE && list_line(l, elf, called, behind + 1))
		return NULL;
	/* what a spec may call a function it may be called here as well */
	if (behind)
		uplace_parse(&kept, behind + 1, &place);
	list = dbg_elf_functions(elf, &n);
	for (unsigned i = 0; i < n; i++) {
		struct arena a = { 0 };
		struct target t = { .kind = kind, .module = called, .info = ufunc_of_list(elf, list[i].address, NULL) };
		bool meant = place.function && !place.has_offset && uplace_matches(&place, &list[i], prov_is_glob(place.function));

		if (uplace_is_whole(&list[i]))
			list_add_meant(l, &t, meant, "%s%s:%s", before, called, uplace_source_name(&a, list[i].name));
		arena_deinit(&a);
	}
	arena_deinit(&kept);
	if (n)
		return NULL;
	return dbg_elf_has_symtab(elf) ? "it has no functions" : "it is stripped: no names are left, its functions go by address";
}

static void list(struct listing *l)
{
	ufunc_list(l, "uprobe:", list_file);
}

static void list_ret(struct listing *l)
{
	ufunc_list(l, "uretprobe:", list_file);
}

const struct provider prov_uprobe = {
	.name = "uprobe",
	.aliases = "u",
	.syntax = "uprobe:BINARY:FUNCTION[+OFFSET], uprobe:BINARY:0xADDRESS or uprobe:BINARY:FILE:LINE",
	.kinds = KIND_BIT(TARGET_UPROBE) | KIND_BIT(TARGET_URETPROBE),
	.expand = expand,
	.expand_d = uprobe_expand_d,
	.builtin = builtin,
	.arg = arg,
	.arg_names = arg_names,
	.no_arg = no_arg,
	.same_args = same_args,
	.list = list,
};

const struct provider prov_uretprobe = {
	.name = "uretprobe",
	.aliases = "ur",
	.syntax = "uretprobe:BINARY:FUNCTION",
	.expand = expand_ret,
	.list = list_ret,
};
