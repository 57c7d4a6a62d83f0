// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records as text, for -d records:
 *
 *	record 0 of clause 0: 24 bytes, with strings at most 40
 *		0 printf "%s %d\n"
 *			16 tail string
 *			20 u32
 *		1 clear @calls
 *
 * An item stands behind its bit in the header's `present`, a field behind its offset.
 */
#include "ir/layout.h"

static const char *const item_names[] = {
	[ITEM_PRINTF] = "printf", [ITEM_ERRORF] = "errorf", [ITEM_WARNF] = "warnf", [ITEM_PRINT] = "print",
	[ITEM_PRINT_MAP] = "print_map", [ITEM_PRINT_ENTRY] = "print_entry", [ITEM_PRINTA] = "printa", [ITEM_CLEAR] = "clear",
	[ITEM_ZERO] = "zero", [ITEM_TRUNC] = "trunc", [ITEM_NORMALIZE] = "normalize", [ITEM_DENORMALIZE] = "denormalize",
	[ITEM_EXIT] = "exit", [ITEM_TIME] = "time", [ITEM_JOIN] = "join", [ITEM_CAT] = "cat", [ITEM_SYSTEM] = "system",
	[ITEM_FREOPEN] = "freopen", [ITEM_TRACE] = "trace", [ITEM_PROBE] = "probe", [ITEM_FTRUNCATE] = "ftruncate",
	[ITEM_SETOPT] = "setopt", [ITEM_SPECULATE] = "speculate", [ITEM_COMMIT] = "commit", [ITEM_DISCARD] = "discard",
	[ITEM_FAULT] = "fault",
};

static void print_format(FILE *out, const char *format)
{
	fputs(" \"", out);
	for (; *format; format++) {
		if (*format == '\n')
			fputs("\\n", out);
		else if (*format == '"' || *format == '\\')
			fprintf(out, "\\%c", *format);
		else if ((unsigned char)*format < ' ' || *format == 0x7f)
			fprintf(out, "\\%03o", (unsigned char)*format);
		else
			fputc(*format, out);
	}
	fputc('"', out);
}

static void print_item(FILE *out, struct arena *a, const struct record_item *item, unsigned n, const char *const *vars)
{
	fprintf(out, "\t%u %s", n, item_names[item->kind]);
	if (item->format)
		print_format(out, item->format);
	vec_foreach(id, &item->vars)
		fprintf(out, " %s", vars[*id]);
	fputc('\n', out);
	vec_foreach(field, &item->fields)
		fprintf(out, "\t\t%u %s%s\n", field->offset, field->place == FIELD_TAIL ? "tail " : "", type_text(a, field->type));
}

void record_print(FILE *out, struct arena *a, const struct record_def *r, const char *const *vars)
{
	fprintf(out, "record %u of clause %u: %u bytes", r->id, r->clause, r->fixed_size);
	if (r->max_size > r->fixed_size)
		fprintf(out, ", with strings at most %u", r->max_size);
	fputc('\n', out);
	for (unsigned i = 0; i < r->items.len; i++)
		print_item(out, a, &r->items.data[i], i, vars);
}
