/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places in user programs: what the providers of uprobes find and their mechanisms attach to. */
#ifndef PROVIDER_UFUNC_H
#define PROVIDER_UFUNC_H

#include "debuginfo/elf.h"
#include "provider/provider.h"

extern const struct provider prov_uprobe, prov_uretprobe;

/* A target's info. */
struct ufunc {
	struct dbg_elf *elf;
	uint64_t address;		/* the file's own */
	bool at_entry;			/* arguments are where the calling convention has them */
};

#endif
