// SPDX-License-Identifier: GPL-2.0-or-later
/* What libiberty's demangler makes of a name. */
#include "debuginfo/demangle.h"

#include "base/cleanup.h"

#include <libiberty/demangle.h>
#include <string.h>

enum { LONGEST = 4096 };

const char *dbg_demangle(struct arena *a, const char *name)
{
	_cleanup_free_ char *text = NULL;

	/* _Z: C++, Rust before 2021; _R: Rust. Hostile names would take the demangler long */
	if (name[0] != '_' || (name[1] != 'Z' && name[1] != 'R') || strnlen(name, LONGEST) == LONGEST)
		return NULL;
	text = cplus_demangle(name, DMGL_PARAMS | DMGL_ANSI | DMGL_AUTO);
	return text ? arena_strdup(a, text) : NULL;
}

/* Where the parameters begin: the bracket that closes the name is the last one, but for "const", "[clone …]". NULL if it has none. */
static const char *parameters(const char *name)
{
	const char *close = strrchr(name, ')');
	int depth = 0;

	if (!close || close == name)
		return NULL;
	for (const char *s = close; s > name; s--) {
		if (*s == ')')
			depth++;
		else if (*s == '(' && !--depth)
			return s;
	}
	return NULL;
}

const char *dbg_demangled_base(struct arena *a, const char *name)
{
	const char *end = parameters(name), *begin = name;
	int depth = 0;

	end = end ? end : name + strlen(name);
	/* a template's result stands before it */
	for (const char *s = name; s < end; s++) {
		if (*s == '<' || *s == '(')
			depth++;
		else if ((*s == '>' || *s == ')') && depth)
			depth--;
		else if (*s == ' ' && !depth && strncmp(s - 8 < name ? name : s - 8, "operator", 8))
			begin = s + 1;
	}
	return arena_strndup(a, begin, (size_t)(end - begin));
}

/* Equal but for blanks. */
static bool same(const char *a, const char *b)
{
	for (;;) {
		a += strspn(a, " ");
		b += strspn(b, " ");
		if (*a != *b)
			return false;
		if (!*a)
			return true;
		a++;
		b++;
	}
}

/* "ns::f" of "ns::f<int>", of Rust's "ns::f::<u8>": what a template is called. */
static const char *without_arguments(struct arena *a, const char *base)
{
	size_t len = strlen(base);
	int depth = 0;

	if (!len || base[len - 1] != '>')
		return base;
	for (size_t i = len; i--;) {
		depth += (base[i] == '>') - (base[i] == '<');
		if (!depth)
			return arena_strndup(a, base, i > 2 && !strncmp(base + i - 2, "::", 2) ? i - 2 : i);
	}
	return base;
}

/* "f(int)" of "f(int) [clone .isra.0]": what the compiler has made of a function is that function. */
static const char *without_clones(struct arena *a, const char *name)
{
	const char *clone = strstr(name, " [clone ");

	return clone ? arena_strndup(a, name, (size_t)(clone - name)) : name;
}

bool dbg_demangled_is(const char *name, const char *wanted)
{
	struct arena a = { 0 };
	const char *base = dbg_demangled_base(&a, name);
	bool is = same(name, wanted) || same(without_clones(&a, name), wanted) || same(base, wanted) ||
		  same(without_arguments(&a, base), wanted);

	arena_deinit(&a);
	return is;
}
