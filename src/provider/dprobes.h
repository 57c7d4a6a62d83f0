/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROVIDER_DPROBES_H
#define PROVIDER_DPROBES_H

#include "provider/provider.h"

/* Adds the targets of a spec in D's form that are among D's stable probes, as a provider's expand_d does. */
int dprobes_expand(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near);
/* The number of a stable probe, from 1, the same always; 0: it is none. And the spec of the probe of that number; NULL: there is none. */
unsigned dprobes_number(const char *prov, const char *name);
const char *dprobes_spec(struct arena *a, unsigned number);
/* Whether a D spec's module is the kernel, which other systems call otherwise. */
bool dprobes_kernel(const char *module);

#endif
