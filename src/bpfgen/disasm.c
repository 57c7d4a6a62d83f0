// SPDX-License-Identifier: GPL-2.0-or-later
#include "bpfgen/image.h"
#include "ir/ir.h"

#include <ctype.h>

static const struct image_reloc *reloc_at(const struct image_program *p, unsigned insn)
{
	unsigned lo = 0, hi = p->relocs.len;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (p->relocs.data[mid].insn < insn)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < p->relocs.len && p->relocs.data[lo].insn == insn ? &p->relocs.data[lo] : NULL;
}

static const struct image_func *func_at(const struct image_program *p, unsigned insn)
{
	vec_foreach(f, &p->funcs)
		if (f->insn == insn)
			return f;
	return NULL;
}

static const char *alu_sign(uint8_t code)
{
	switch (BPF_OP(code)) {
	case BPF_ADD: return "+=";
	case BPF_SUB: return "-=";
	case BPF_MUL: return "*=";
	case BPF_DIV: return "/=";
	case BPF_OR: return "|=";
	case BPF_AND: return "&=";
	case BPF_LSH: return "<<=";
	case BPF_RSH: return ">>=";
	case BPF_MOD: return "%=";
	case BPF_XOR: return "^=";
	case BPF_MOV: return "=";
	case BPF_ARSH: return "s>>=";
	default: return "?=";
	}
}

static const char *jump_sign(uint8_t code)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ: return "==";
	case BPF_JGT: return ">";
	case BPF_JLT: return "<";
	case BPF_JGE: return ">=";
	case BPF_JLE: return "<=";
	case BPF_JSET: return "&";
	case BPF_JNE: return "!=";
	case BPF_JSGT: return "s>";
	case BPF_JSLT: return "s<";
	case BPF_JSGE: return "s>=";
	case BPF_JSLE: return "s<=";
	default: return "?";
	}
}

static const char *memory_type(uint8_t code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B: return "u8";
	case BPF_H: return "u16";
	case BPF_W: return "u32";
	default: return "u64";
	}
}

static void print_alu(FILE *out, const struct bpf_insn *i)
{
	char w = BPF_CLASS(i->code) == BPF_ALU64 ? 'r' : 'w';

	if (BPF_OP(i->code) == BPF_END)
		fprintf(out, "r%d = %s%d r%d", i->dst_reg, BPF_SRC(i->code) == BPF_TO_BE ? "be" : "le", i->imm, i->dst_reg);
	else if (BPF_OP(i->code) == BPF_NEG)
		fprintf(out, "%c%d = -%c%d", w, i->dst_reg, w, i->dst_reg);
	else if (BPF_SRC(i->code) == BPF_X)
		fprintf(out, "%c%d %s %c%d", w, i->dst_reg, alu_sign(i->code), w, i->src_reg);
	else
		fprintf(out, "%c%d %s %d", w, i->dst_reg, alu_sign(i->code), i->imm);
}

static void print_atomic(FILE *out, const struct bpf_insn *i)
{
	const char *type = memory_type(i->code), *width = BPF_SIZE(i->code) == BPF_DW ? "64" : "";

	switch (i->imm) {
	case BPF_ADD:
		fprintf(out, "lock *(%s *)(r%d %+d) += r%d", type, i->dst_reg, i->off, i->src_reg);
		break;
	case BPF_ADD | BPF_FETCH:
		fprintf(out, "r%d = atomic%s_fetch_add((%s *)(r%d %+d), r%d)", i->src_reg, width, type, i->dst_reg, i->off,
			i->src_reg);
		break;
	case BPF_XCHG:
		fprintf(out, "r%d = atomic%s_xchg((%s *)(r%d %+d), r%d)", i->src_reg, width, type, i->dst_reg, i->off,
			i->src_reg);
		break;
	case BPF_CMPXCHG:
		fprintf(out, "r0 = atomic%s_cmpxchg((%s *)(r%d %+d), r0, r%d)", width, type, i->dst_reg, i->off, i->src_reg);
		break;
	default:
		fprintf(out, "atomic %#x", i->imm);
	}
}

static void print_jump(FILE *out, const struct image_program *p, unsigned at)
{
	const struct bpf_insn *i = &p->insns[at];
	char w = BPF_CLASS(i->code) == BPF_JMP ? 'r' : 'w';
	const struct image_func *f;

	switch (BPF_OP(i->code)) {
	case BPF_CALL:
		if (i->src_reg == BPF_PSEUDO_CALL) {
			f = func_at(p, at + i->imm + 1);
			fprintf(out, "call pc%+d#%s", i->imm, f ? f->name : "?");
			break;
		}
		for (unsigned h = 0; h < IR_HELPER_COUNT; h++)
			if (ir_helpers[h].number == i->imm) {
				fprintf(out, "call bpf_%s#%d", ir_helpers[h].name, i->imm);
				return;
			}
		fprintf(out, "call unknown#%d", i->imm);
		break;
	case BPF_EXIT:
		fputs("exit", out);
		break;
	case BPF_JA:
		fprintf(out, "goto pc%+d", i->off);
		break;
	default:
		if (BPF_SRC(i->code) == BPF_X)
			fprintf(out, "if %c%d %s %c%d goto pc%+d", w, i->dst_reg, jump_sign(i->code), w, i->src_reg, i->off);
		else
			fprintf(out, "if %c%d %s 0x%x goto pc%+d", w, i->dst_reg, jump_sign(i->code), (unsigned)i->imm, i->off);
	}
}

static void print_wide(FILE *out, const struct image *image, const struct image_program *p, unsigned at)
{
	const struct bpf_insn *i = &p->insns[at];
	const struct image_reloc *r = reloc_at(p, at);

	fprintf(out, "r%d = ", i->dst_reg);
	if (i->src_reg == BPF_PSEUDO_FUNC)
		fprintf(out, "subprog[%+d]", i->imm);
	else if (r && r->kind == RELOC_MAP)
		fprintf(out, "map[%s]", image->maps.data[r->index]->name);
	else if (r)
		fprintf(out, "map[%s][0]+%u", image->maps.data[r->index]->name, r->offset);
	else
		fprintf(out, "0x%llx", (unsigned long long)(uint32_t)i[1].imm << 32 | (uint32_t)i->imm);
}

static void print_insn(FILE *out, const struct image *image, const struct image_program *p, unsigned at)
{
	const struct bpf_insn *i = &p->insns[at];
	const struct image_reloc *r;

	fprintf(out, "(%02x) ", i->code);
	switch (BPF_CLASS(i->code)) {
	case BPF_ALU: case BPF_ALU64:
		r = reloc_at(p, at);
		if (r && r->kind == RELOC_PATCH)
			fprintf(out, "r%d = patch[%u]", i->dst_reg, r->index);
		else
			print_alu(out, i);
		break;
	case BPF_STX:
		if (BPF_MODE(i->code) == BPF_ATOMIC)
			print_atomic(out, i);
		else
			fprintf(out, "*(%s *)(r%d %+d) = r%d", memory_type(i->code), i->dst_reg, i->off, i->src_reg);
		break;
	case BPF_ST:
		fprintf(out, "*(%s *)(r%d %+d) = %d", memory_type(i->code), i->dst_reg, i->off, i->imm);
		break;
	case BPF_LDX:
		fprintf(out, "r%d = *(%s *)(r%d %+d)", i->dst_reg, memory_type(i->code), i->src_reg, i->off);
		break;
	case BPF_LD:
		print_wide(out, image, p, at);
		break;
	default:
		print_jump(out, p, at);
	}
}

static void print_line(FILE *out, const struct image *image, struct span span)
{
	struct source_place place;
	const char *text, *end;

	if (!image->sources || !source_place(image->sources, span, &place))
		return;
	text = place.line_text;
	end = text + place.line_len;
	while (text < end && isspace((unsigned char)*text))
		text++;
	fprintf(out, "; %.*s\n", (int)(end - text), text);
}

void gen_print_program(FILE *out, const struct image *image, const struct image_program *p, bool lines)
{
	unsigned line = 0;

	for (unsigned i = 0; i < p->ninsns; i++) {
		const struct image_func *f = func_at(p, i);

		if (f)
			fprintf(out, "%s:\n", f->name);
		if (line < p->lines.len && p->lines.data[line].insn == i) {
			if (lines)
				print_line(out, image, p->lines.data[line].span);
			line++;
		}
		fprintf(out, "%4u: ", i);
		print_insn(out, image, p, i);
		putc('\n', out);
		if (p->insns[i].code == (BPF_LD | BPF_DW | BPF_IMM))
			i++;
	}
}
