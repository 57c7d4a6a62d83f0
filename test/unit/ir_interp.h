/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs IR by what ops.def says of it, before and after the keyed operations are expanded, for tests that compare the two.
 * Maps hold at most `entries` keys; all that is random in a kernel (pid, comm …) is the same in every run.
 */
#ifndef TEST_IR_INTERP_H
#define TEST_IR_INTERP_H

#include "ir/ir.h"

enum { INTERP_DATA = 256, INTERP_MAPS = 8, INTERP_KEYS = 16, INTERP_BYTES = 64 };

struct interp_entry {
	bool used;
	unsigned char key[INTERP_BYTES];
	unsigned char *value;		/* never freed while it runs: pointers may be stale */
};

struct interp_map {
	const struct map_def *def;
	bool is_outer;
	struct interp_entry entries[INTERP_KEYS];
	unsigned char data[INTERP_DATA];	/* of an array map */
};

struct interp {
	struct arena arena;
	const struct ir_module *module;
	struct interp_map maps[INTERP_MAPS], outer[INTERP_MAPS];
	unsigned char ctx[64];
	unsigned long steps, lookups;		/* values computed; helper calls that look a key up */
	const char *error;			/* what went wrong, else NULL */
};

void interp_init(struct interp *in, const struct ir_module *m);
void interp_deinit(struct interp *in);
uint64_t interp_run(struct interp *in, const struct ir_func *f);
/* What two runs left in their maps: a text that says where they differ, or NULL. `drops` is the offset of a u64 not compared. */
const char *interp_compare(const struct interp *a, const struct interp *b, unsigned drops);

#endif
