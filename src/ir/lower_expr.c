// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers: every one is an IR_I64, extended from its type's width by its type's sign. */
#include "ir/lowering.h"

struct value value_number(const struct type *type, struct ir_value *v)
{
	return (struct value){ .kind = VALUE_NUMBER, .type = type, .v = v };
}

/* Numbers of two widths: is the operation on them unsigned? */
static bool operands_unsigned(const struct type *a, const struct type *b)
{
	return (a->size == 8 && !a->is_signed) || (b->size == 8 && !b->is_signed) || a->kind == TYPE_POINTER ||
	       b->kind == TYPE_POINTER;
}

/* A shift has its left operand's sign. */
static bool arith_unsigned(enum op op, const struct type *a, const struct type *b)
{
	return operands_unsigned(a, op == OP_SHL || op == OP_SHR ? &type_s64 : b);
}

struct ir_value *lower_convert(struct lower *l, struct ir_value *v, const struct type *to)
{
	if (v->type != IR_I64 || !type_is_int(to) || to->size >= 8)
		return v;
	return ir_extend(&l->b, to->is_signed ? IR_SEXT : IR_ZEXT, v, to->size);
}

/*
 * What arithmetic of type t gave. Unsigned numbers wrap around; a signed one that overflows, which C leaves open, goes on at 64 bits until it
 * is kept or shown.
 */
static struct ir_value *arith_result(struct lower *l, struct ir_value *v, const struct type *t)
{
	return t->is_signed ? v : lower_convert(l, v, t);
}

void lower_divisor(struct lower *l, struct ir_value *y, struct span span)
{
	struct join *ok, *fault;

	if (ir_is_const(y) && y->imm)
		return;
	ok = join_create(l);
	fault = join_create(l);
	fault->block->unlikely = true;
	join_branch(l, ir_binary(&l->b, IR_NE, y, ir_const(&l->b, 0)), ok, fault);
	join_enter(l, fault);
	if (!lower_fault(l, FAULT_DIVISION, NULL, span)) {
		lower_loss(l, LOSS_DIVISION, NULL, span);
		join_jump(l, l->clause_end);
	}
	join_enter(l, ok);
}

static struct ir_value *divide(struct lower *l, enum ir_op op, struct ir_value *x, struct ir_value *y, struct span span)
{
	lower_divisor(l, y, span);
	return ir_binary(&l->b, op, x, y);
}

struct ir_value *lower_arith(struct lower *l, enum op op, bool is_unsigned, struct ir_value *x, struct ir_value *y,
			     struct span span)
{
	struct ir_builder *b = &l->b;

	switch (op) {
	case OP_ADD:
		return ir_binary(b, IR_ADD, x, y);
	case OP_SUB:
		return ir_binary(b, IR_SUB, x, y);
	case OP_MUL:
		return ir_binary(b, IR_MUL, x, y);
	case OP_DIV:
		return divide(l, is_unsigned ? IR_UDIV : IR_SDIV, x, y, span);
	case OP_MOD:
		return divide(l, is_unsigned ? IR_UMOD : IR_SMOD, x, y, span);
	case OP_AND:
		return ir_binary(b, IR_AND, x, y);
	case OP_OR:
		return ir_binary(b, IR_OR, x, y);
	case OP_XOR:
		return ir_binary(b, IR_XOR, x, y);
	case OP_SHL:
		return ir_binary(b, IR_SHL, x, y);
	case OP_SHR:
		return ir_binary(b, is_unsigned ? IR_LSHR : IR_ASHR, x, y);
	case OP_EQ:
		return ir_binary(b, IR_EQ, x, y);
	case OP_NE:
		return ir_binary(b, IR_NE, x, y);
	case OP_LT:
		return ir_binary(b, is_unsigned ? IR_ULT : IR_SLT, x, y);
	case OP_LE:
		return ir_binary(b, is_unsigned ? IR_ULE : IR_SLE, x, y);
	case OP_GT:
		return ir_binary(b, is_unsigned ? IR_ULT : IR_SLT, y, x);
	case OP_GE:
		return ir_binary(b, is_unsigned ? IR_ULE : IR_SLE, y, x);
	default:
		return x;
	}
}

static bool is_string(const struct expr *e)
{
	return e->type->kind == TYPE_STRING;
}

/* Pointer arithmetic counts in elements. */
static struct ir_value *scale(struct lower *l, struct ir_value *v, const struct expr *pointer)
{
	unsigned size = pointer->type->target ? pointer->type->target->size : 1;

	return size > 1 ? ir_binary(&l->b, IR_MUL, v, ir_const(&l->b, size)) : v;
}

/* A distance of pointers, in elements. */
static struct ir_value *elements(struct lower *l, struct ir_value *v, const struct expr *pointer)
{
	unsigned size = pointer->type->target ? pointer->type->target->size : 1;

	return size > 1 ? ir_binary(&l->b, IR_SDIV, v, ir_const(&l->b, size)) : v;
}

/* func == "read" and the like: the numbers of the targets that are called so. */
static struct ir_value *lower_named(struct lower *l, const struct expr *e)
{
	const struct expr *literal = is_string(e->right) ? e->right : e->left;
	enum type_show show = (literal == e->right ? e->left : e->right)->type->show;
	const struct lower_ops *ops = l->program->ops;
	struct ir_value *target = ops->shown ? ops->shown(&l->b, l->event->event, show) : lower_target(l), *any = ir_const(&l->b, 0);
	unsigned *numbers = NULL, n = 0;

	if (ops->named)
		n = ops->named(&l->b, l->event->event, l->clause, show, literal->text, &numbers);
	for (unsigned i = 0; i < n; i++)
		any = ir_binary(&l->b, IR_OR, any, ir_binary(&l->b, IR_EQ, target, ir_const(&l->b, numbers[i])));
	return e->op == OP_EQ ? any : ir_binary(&l->b, IR_EQ, any, ir_const(&l->b, 0));
}

static bool is_zero(const struct expr *e)
{
	return e->is_const && type_is_scalar(e->type) && !e->value;
}

/* An int that meets an unsigned one is one, too. */
static struct ir_value *lower_operand(struct lower *l, const struct expr *operand, const struct type *common)
{
	struct ir_value *v = lower_number(l, operand);

	return type_is_int(common) ? arith_result(l, v, common) : v;
}

static struct ir_value *lower_binary(struct lower *l, const struct expr *e)
{
	bool is_shift = e->op == OP_SHL || e->op == OP_SHR;
	struct ir_value *x, *y, *v;

	if (is_string(e->left) && is_string(e->right))
		return lower_string_compare(l, e->op, e->left, e->right);
	if (is_string(e->left) || is_string(e->right))
		return lower_named(l, e);
	if ((e->op == OP_EQ || e->op == OP_NE) && (is_zero(e->left) || is_zero(e->right))) {
		x = lower_tested(l, is_zero(e->left) ? e->right : e->left);
		return ir_binary(&l->b, e->op == OP_EQ ? IR_EQ : IR_NE, x, ir_const(&l->b, 0));
	}
	x = lower_operand(l, e->left, e->type);
	y = is_shift ? lower_number(l, e->right) : lower_operand(l, e->right, e->type);
	if (e->op == OP_ADD || e->op == OP_SUB) {
		if (e->left->type->kind == TYPE_POINTER && e->right->type->kind != TYPE_POINTER)
			y = scale(l, y, e->left);
		else if (e->right->type->kind == TYPE_POINTER && e->left->type->kind != TYPE_POINTER)
			x = scale(l, x, e->right);
	}
	if (e->op == OP_SUB && e->left->type->kind == TYPE_POINTER && e->right->type->kind == TYPE_POINTER)
		return elements(l, ir_binary(&l->b, IR_SUB, x, y), e->left);
	v = lower_arith(l, e->op, arith_unsigned(e->op, e->left->type, e->right->type), x, y,
			e->name_span.pos ? e->name_span : e->span);
	return arith_result(l, v, e->type);
}

static struct ir_value *lower_unary(struct lower *l, const struct expr *e)
{
	struct ir_value *x;

	if (e->op == OP_ADDR)
		return lower_place_address(l, e->left);
	x = e->op == OP_NOT ? lower_tested(l, e->left) : lower_number(l, e->left);
	switch (e->op) {
	case OP_NEG:
		return arith_result(l, ir_unary(&l->b, IR_NEG, x), e->type);
	case OP_COMPL:
		return arith_result(l, ir_unary(&l->b, IR_NOT, x), e->type);
	case OP_NOT:
		return ir_binary(&l->b, IR_EQ, x, ir_const(&l->b, 0));
	case OP_PLUS:
		return x;
	default:
		return lower_unsupported(l, e->span, "this operator").v;
	}
}

/* A condition's truth as a number: through both joins, into a local of its own. */
static struct ir_value *truth(struct lower *l, const struct expr *e)
{
	struct join *yes = join_create(l), *no = join_create(l), *end = join_create(l);
	unsigned result = env_add(l, ir_const(&l->b, 0));

	lower_condition(l, e, yes, no);
	join_enter(l, yes);
	l->env[result] = ir_const(&l->b, 1);
	join_jump(l, end);
	join_enter(l, no);
	l->env[result] = ir_const(&l->b, 0);
	join_jump(l, end);
	join_enter(l, end);
	return env_take(l, result);
}

/* A side of ?: becomes the local's value. The array of locals may move meanwhile. */
static void choose(struct lower *l, unsigned result, const struct expr *side, const struct type *type)
{
	struct ir_value *v = lower_operand(l, side, type);

	l->env[result] = v;
}

/* c ? x : y of numbers; strings are lower_string.c's. */
static struct ir_value *lower_choice(struct lower *l, const struct expr *e)
{
	struct join *then = join_create(l), *otherwise = join_create(l), *end = join_create(l);
	unsigned result = env_add(l, ir_const(&l->b, 0));

	lower_condition(l, e->left, then, otherwise);
	l->depth++;
	join_enter(l, then);
	choose(l, result, e->args.data[0], e->type);
	join_jump(l, end);
	join_enter(l, otherwise);
	choose(l, result, e->right, e->type);
	join_jump(l, end);
	l->depth--;
	join_enter(l, end);
	return env_take(l, result);
}

/* c ? action : action, where nobody uses the value. */
static void lower_choice_of_actions(struct lower *l, const struct expr *e)
{
	const struct expr *sides[] = { e->args.data[0], e->right };
	struct join *joins[] = { join_create(l), join_create(l) }, *end = join_create(l);

	lower_condition(l, e->left, joins[0], joins[1]);
	l->depth++;
	for (unsigned i = 0; i < 2; i++) {
		join_enter(l, joins[i]);
		if (!lower_action(l, sides[i]))
			lower_expr(l, sides[i]);
		join_jump(l, end);
	}
	l->depth--;
	join_enter(l, end);
}

/* What stands behind && or || does not surely run. */
static void lower_second(struct lower *l, const struct expr *e, struct join *then, struct join *otherwise)
{
	l->depth++;
	lower_condition(l, e, then, otherwise);
	l->depth--;
}

static bool compares_equal(const struct expr *e)
{
	return e->kind == EXPR_BINARY && (e->op == OP_EQ || e->op == OP_NE) && is_string(e->left) && is_string(e->right);
}

void lower_condition(struct lower *l, const struct expr *e, struct join *then, struct join *otherwise)
{
	struct join *middle;

	if (!l->b.block)
		return;
	if (e->is_const && type_is_scalar(e->type)) {
		join_jump(l, e->value ? then : otherwise);
	} else if (e->kind == EXPR_UNARY && e->op == OP_NOT) {
		lower_condition(l, e->left, otherwise, then);
	} else if (e->kind == EXPR_LOGICAL && e->op == OP_LAND) {
		middle = join_create(l);
		lower_condition(l, e->left, middle, otherwise);
		join_enter(l, middle);
		lower_second(l, e->right, then, otherwise);
	} else if (e->kind == EXPR_LOGICAL && e->op == OP_LOR) {
		middle = join_create(l);
		lower_condition(l, e->left, then, middle);
		join_enter(l, middle);
		lower_second(l, e->right, then, otherwise);
	} else if (compares_equal(e)) {
		if (e->op == OP_EQ)
			lower_string_equal(l, e->left, e->right, then, otherwise);
		else
			lower_string_equal(l, e->left, e->right, otherwise, then);
	} else if (is_string(e)) {
		struct value s = lower_memory(l, e, false);

		if (l->b.block)	/* a string is true if it is not empty */
			join_branch(l, ir_binary(&l->b, IR_NE, ir_load(&l->b, 1, s.v, 0), ir_const(&l->b, 0)), then, otherwise);
	} else {
		struct ir_value *v = lower_tested(l, e);

		if (l->b.block)
			join_branch(l, ir_binary(&l->b, IR_NE, v, ir_const(&l->b, 0)), then, otherwise);
	}
}

static struct ir_value *lower_logical(struct lower *l, const struct expr *e)
{
	struct ir_value *x, *y;

	if (e->op != OP_LXOR)
		return truth(l, e);
	x = truth(l, e->left);
	y = truth(l, e->right);
	return ir_binary(&l->b, IR_XOR, x, y);
}

/* e->left op= by, which is of type `type` */
static struct ir_value *lower_step(struct lower *l, const struct expr *e, enum op op, struct ir_value *by,
				   const struct type *type, bool old)
{
	struct step step = {
		.op = op, .by = by, .old = old, .is_unsigned = arith_unsigned(op, e->left->type, type),
		.span = e->name_span.pos ? e->name_span : e->span,
	};

	if (e->left->type->kind == TYPE_POINTER)
		step.by = scale(l, by, e->left);
	return var_step(l, e->left, &step);
}

static bool is_aggregation(const struct expr *e)
{
	return e->kind == EXPR_CALL && e->type->kind == TYPE_AGG;
}

static struct value lower_assign(struct lower *l, const struct expr *e)
{
	if (is_aggregation(e->right)) {
		lower_aggregate(l, e->left, e->right);
		return (struct value){ .kind = VALUE_NONE, .type = e->type };
	}
	if (e->op == OP_NONE)
		return var_write(l, e->left, e->right);
	return value_number(e->type, lower_step(l, e, e->op, lower_number(l, e->right), e->right->type, false));
}

/* (u32)array */
static struct ir_value *number_of_bytes(struct lower *l, const struct expr *e)
{
	struct value bytes = lower_memory(l, e->left, false);

	if (!l->b.block)
		return ir_const(&l->b, 0);
	return lower_convert(l, ir_load(&l->b, e->type->size, bytes.v, 0), e->type);
}

struct value lower_expr(struct lower *l, const struct expr *e)
{
	struct span outer = l->b.span;
	struct value v = { .kind = VALUE_NONE, .type = e->type };

	if (!l->b.block)
		return value_number(e->type, ir_const(&l->b, 0));
	if (e->is_const && type_is_scalar(e->type))
		return value_number(e->type, ir_const(&l->b, (int64_t)e->value));
	if (e->type->kind != TYPE_VOID && e->type->kind != TYPE_AGG && !type_is_scalar(e->type))
		return lower_memory(l, e, false);
	if (e->span.pos)
		l->b.span = e->span;
	switch (e->kind) {
	case EXPR_UNARY:
		if (lower_is_place(e)) {
			v = lower_place(l, e, false);
			break;
		}
		v = value_number(e->type, lower_unary(l, e));
		break;
	case EXPR_BINARY:
		v = value_number(e->type, lower_binary(l, e));
		break;
	case EXPR_LOGICAL:
		v = value_number(e->type, lower_logical(l, e));
		break;
	case EXPR_COND:
		if (type_is_scalar(e->type))
			v = value_number(e->type, lower_choice(l, e));
		else
			lower_choice_of_actions(l, e);
		break;
	case EXPR_ASSIGN:
		v = lower_is_place(e->left) ? lower_store(l, e) : lower_assign(l, e);
		break;
	case EXPR_PREFIX:
	case EXPR_POSTFIX:
		if (lower_is_place(e->left)) {
			v = lower_store(l, e);
			break;
		}
		v = value_number(e->type, lower_step(l, e, e->op == OP_INC ? OP_ADD : OP_SUB, ir_const(&l->b, 1), &type_s64,
						     e->kind == EXPR_POSTFIX));
		break;
	case EXPR_XLATE:
		v = value_number(e->type, lower_number(l, e->left));
		break;
	case EXPR_CAST:
		if (e->left->type->kind == TYPE_ARRAY)
			v = value_number(e->type, number_of_bytes(l, e));
		else
			v = value_number(e->type, lower_convert(l, lower_number(l, e->left), e->type));
		break;
	case EXPR_COMMA:
		vec_foreach(arg, &e->args)
			v = lower_expr(l, *arg);
		break;
	case EXPR_CALL:
		v = lower_call(l, e, false);
		break;
	case EXPR_NAME:
	case EXPR_DOLLAR:
	case EXPR_MAP:
	case EXPR_SELF:
	case EXPR_THIS:
	case EXPR_INDEX:
	case EXPR_MEMBER:
	case EXPR_ARROW:
	case EXPR_BACKTICK:
		if (e->kind == EXPR_INDEX && !e->symbol && e->left->type->kind == TYPE_STRING)
			v = value_number(e->type, lower_string_byte(l, e));
		else
			v = lower_variable(l, e, false);
		break;
	default:
		v = lower_unsupported(l, e->span, "this expression");
	}
	l->b.span = outer;
	return v;
}

struct ir_value *lower_number(struct lower *l, const struct expr *e)
{
	struct value v = lower_expr(l, e);

	if (!l->b.block || v.kind == VALUE_NONE)
		return ir_const(&l->b, 0);
	return v.v;
}
