/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the code generator made, run by the kernel: IR text becomes a loaded raw tracepoint program, whose maps can be
 * read and written, and which is run by BPF_PROG_TEST_RUN. Whatever fails, fails the test that runs, with the program and
 * the verifier's words.
 */
#ifndef TEST_BPFGEN_KERNEL_H
#define TEST_BPFGEN_KERNEL_H

#include "base/diag.h"
#include "bpfgen/image.h"
#include "ir/ir.h"

enum { KERNEL_MAPS = 16 };

struct kernel {
	struct arena arena;
	struct sources sources;
	struct diag diag;
	struct ir_module *module;
	struct image image;
	int maps[KERNEL_MAPS];
	int prog;
};

/* May BPF programs be loaded here? */
bool kernel_usable(void);
/* Generates the module's code only: k->image. */
void kernel_generate(struct kernel *k, const char *ir);
/* Also makes the maps and loads the first program. False if the verifier gave up: too many ways through it. */
bool kernel_open(struct kernel *k, const char *ir);
/* Runs it with that context; gives what main returned. */
uint32_t kernel_run(struct kernel *k, const uint64_t *args, unsigned nargs);
/* The value of an array map of one entry. */
void kernel_read(struct kernel *k, unsigned map, void *value);
void kernel_write(struct kernel *k, unsigned map, const void *value);
void kernel_close(struct kernel *k);
/* The program as text, from malloc. */
char *kernel_text(struct kernel *k);

#endif
