// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes as D numbers and lists them. */
#include "provider/provider.h"

#include "provider/arch.h"

/* BEGIN, END, ERROR; the entry and the return of each system call; then the others as the script names them. */
enum { ID_BEGIN = 1, ID_END, ID_ERROR, ID_SYSCALLS, ID_OTHERS = 2000 };

unsigned prov_id(const struct naming *n)
{
	const struct target *t = n->target;

	switch (t->kind) {
	case TARGET_BEGIN:
		return ID_BEGIN;
	case TARGET_END:
		return ID_END;
	case TARGET_ERROR:
		return ID_ERROR;
	case TARGET_SYSCALL:
		return ID_SYSCALLS + 2 * (unsigned)t->number;
	case TARGET_SYSRET:
		return ID_SYSCALLS + 2 * (unsigned)t->number + 1;
	default:
		return ID_OTHERS + n->number;
	}
}

static void list_args(struct probes *p, struct target *t, FILE *out)
{
	const struct provider *prov = prov_of_kind(t->kind);

	fprintf(out, "\n\tArgument Types\n");
	for (unsigned i = 0;; i++) {
		char name[16];
		const struct type *type;

		snprintf(name, sizeof(name), "%u", i);
		type = prov && prov->arg ? prov->arg(p, t, name) : NULL;
		if (!type) {
			fprintf(out, i ? "\n" : "\t\tNone\n\n");
			return;
		}
		fprintf(out, "\t\targs[%u]: %s\n", i, type_text(p->arena, type));
	}
}

int prov_list_d(struct probes *p, bool verbose, FILE *out)
{
	unsigned number = 0;

	fprintf(out, "%5s %10s %17s %33s %s\n", "ID", "PROVIDER", "MODULE", "FUNCTION", "NAME");
	vec_foreach(t, &p->targets) {
		struct naming *n = &(*t)->namings.data[0];

		n->number = number++;
		fprintf(out, "%5u %10s %17s %33s %s\n", prov_id(n), n->prov, n->mod, n->func, n->name);
		if (verbose)
			list_args(p, *t, out);
	}
	return number ? 0 : -1;
}
