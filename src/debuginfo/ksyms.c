// SPDX-License-Identifier: GPL-2.0-or-later
#include "debuginfo/ksyms.h"

#include "base/cleanup.h"

#include <errno.h>
#include <string.h>

/* ADDRESS TYPE NAME[\t[MODULE]]\n; splits the line in place. */
static bool split(char *line, const char **module, char *type, const char **name, uint64_t *address)
{
	char *end, *bracket;

	*address = strtoull(line, &end, 16);
	if (end[0] != ' ' || !end[1] || end[2] != ' ')
		return false;
	*type = end[1];
	*name = end += 3;
	end += strcspn(end, "\t\n");
	*module = NULL;
	if (*end == '\t' && end[1] == '[') {
		*module = end + 2;
		bracket = strchr(end, ']');
		if (bracket)
			*bracket = 0;
	}
	*end = 0;
	return true;
}

bool dbg_ksym_each(bool (*visit)(void *data, const char *module, char type, const char *name, uint64_t address),
		   void *data)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/kallsyms", "re");
	_cleanup_free_ char *line = NULL;
	size_t cap = 0;

	while (f && getline(&line, &cap, f) > 0) {
		const char *module, *name;
		uint64_t address;
		char type;

		if (split(line, &module, &type, &name, &address) && visit(data, module, type, name, address))
			return true;
	}
	return false;
}

struct wanted {
	const char *module, *name;
	uint64_t *address;
};

static bool is_wanted(void *data, const char *module, char type, const char *name, uint64_t address)
{
	const struct wanted *w = data;
	bool kernel = w->module && (!strcmp(w->module, "vmlinux") || !strcmp(w->module, "kernel"));

	(void)type;
	if (strcmp(name, w->name))
		return false;
	if (w->module && (kernel ? module != NULL : !module || strcmp(module, w->module)))
		return false;
	*w->address = address;
	return true;
}

bool dbg_ksym_find(const char *module, const char *name, uint64_t *address)
{
	struct wanted w = { module, name, address };

	errno = ENOENT;
	if (!dbg_ksym_each(is_wanted, &w))
		return false;
	errno = EPERM;
	return *address != 0;
}
