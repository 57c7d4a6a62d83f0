// SPDX-License-Identifier: GPL-2.0-or-later
/* What the loader reads of a file: the libraries that it needs, and where it looks for them first. */
#include "debuginfo/elf_file.h"

#include <string.h>

const char *dbg_elf_dynamic(const struct dbg_elf *e, int64_t tag, unsigned n)
{
	GElf_Shdr h;
	Elf_Scn *scn = dbg_elf_section(e, ".dynamic", &h);
	Elf_Data *data = scn && h.sh_size <= 1 << 20 ? elf_getdata(scn, NULL) : NULL;
	GElf_Dyn dyn;

	for (int i = 0; data && gelf_getdyn(data, i, &dyn); i++)
		if (dyn.d_tag == tag && !n--)
			return elf_strptr(e->elf, h.sh_link, dyn.d_un.d_val);
	return NULL;
}
