/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of the text form that are in no .def file: by enum ir_type, map_kind, ir_patch. Ended by NULL. */
#ifndef IR_NAMES_H
#define IR_NAMES_H

extern const char *const ir_type_names[], *const ir_map_kind_names[], *const ir_patch_names[];

#endif
