// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unwinding with files that are not what they should be: this program's own call frame information with bytes changed at
 * random, and stacks of random words. Nothing is expected but that each step ends; the sanitizers look on.
 */
#include "debuginfo/cfi.h"

#include "base/arena.h"
#include "suite.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 150, CHANGES = 40, STACKS = 60, STEPS = 200 };

static char *image;
static size_t size;
static uint64_t begin, end;	/* of the part to be changed */
static uint64_t code, code_size;

static uint64_t next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static bool read_random(void *data, uint64_t address, unsigned word, uint64_t *value)
{
	uint64_t *seed = data;

	(void)address;
	(void)word;
	/* often an address of code */
	*value = next(seed) % 4 ? code + next(seed) % code_size : next(seed);
	return next(seed) % 64 != 0;
}

static void read_self(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);
	struct dbg_elf *e = dbg_elf_open_fd(fd, "self");
	GElf_Shdr header, frames, text;
	struct stat st;

	ck_assert_ptr_nonnull(e);
	ck_assert(dbg_elf_section(e, ".eh_frame_hdr", &header) != NULL && dbg_elf_section(e, ".eh_frame", &frames) != NULL);
	ck_assert(dbg_elf_section(e, ".text", &text) != NULL);
	code = text.sh_addr;
	code_size = text.sh_size;
	begin = header.sh_offset < frames.sh_offset ? header.sh_offset : frames.sh_offset;
	end = frames.sh_offset + frames.sh_size;
	ck_assert(!fstat(fd, &st));
	size = (size_t)st.st_size;
	image = xmalloc(size);
	ck_assert(read(fd, image, size) == (ssize_t)size);
	close(fd);
}

static unsigned long taken;

static void unwind(struct dbg_cfi *c, uint64_t *seed)
{
	struct cfi_regs regs = { .known = (1u << CFI_REGS) - 1 };
	enum cfi_step step = CFI_CALLER;

	for (unsigned r = 0; r < CFI_REGS; r++)
		regs.value[r] = code + next(seed) % code_size;
	for (unsigned n = 0; n < STEPS && (step == CFI_CALLER || step == CFI_SIGNAL); n++) {
		taken++;
		step = dbg_cfi_step(c, regs.value[CFI_PC], &regs, read_random, seed);
		if (step == CFI_UNKNOWN)
			step = dbg_cfi_step_fp(&regs, read_random, seed);
	}
}

static void try_file(uint64_t seed, unsigned changes)
{
	int fd = memfd_create("hostile", MFD_CLOEXEC);
	char *copy = xmalloc(size);
	struct dbg_elf *e;
	struct dbg_cfi *c;

	memcpy(copy, image, size);
	for (unsigned i = 0; i < changes; i++)
		copy[begin + next(&seed) % (end - begin)] = (char)next(&seed);
	ck_assert(write(fd, copy, size) == (ssize_t)size);
	free(copy);
	e = dbg_elf_open_fd(fd, "hostile");
	close(fd);
	ck_assert_ptr_nonnull(e);
	c = dbg_cfi_open(e);
	for (unsigned i = 0; c && i < STACKS; i++)
		unwind(c, &seed);
	dbg_cfi_close(c);
	dbg_elf_close_all();
}

START_TEST(changed_bytes)
{
	read_self();
	for (unsigned i = 0; i < FILES; i++)
		try_file(0x9e3779b97f4a7c15 * (i + 1), i ? CHANGES : 0);
	free(image);
	ck_assert_uint_gt(taken, (unsigned long)FILES * STACKS);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cfi");
	TCase *tests = tcase_create("hostile");

	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, changed_bytes);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
