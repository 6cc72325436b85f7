// Arithmetic, comparison and elementwise functions.
#include "CTorchMath.h"
#include "shim.h"

#include <ATen/ops/abs.h>
#include <ATen/ops/add.h>
#include <ATen/ops/ceil.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/div.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/floor.h>
#include <ATen/ops/floor_divide.h>
#include <ATen/ops/ge.h>
#include <ATen/ops/gt.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/le.h>
#include <ATen/ops/log.h>
#include <ATen/ops/log2.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/logical_not.h>
#include <ATen/ops/logical_or.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/ne.h>
#include <ATen/ops/neg.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/reciprocal.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/relu6.h>
#include <ATen/ops/remainder.h>
#include <ATen/ops/rsub.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sin.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/sub.h>
#include <ATen/ops/where.h>

#include <cmath>

using namespace ctorch;

namespace {
at::Tensor compare(const at::Tensor &a, const at::Tensor &b, intptr_t kind) {
  switch (kind) {
  case 0: return at::eq(a, b);
  case 1: return at::ne(a, b);
  case 2: return at::lt(a, b);
  case 3: return at::le(a, b);
  case 4: return at::gt(a, b);
  default: return at::ge(a, b);
  }
}

at::Tensor compare(const at::Tensor &a, const at::Scalar &b, intptr_t kind) {
  switch (kind) {
  case 0: return at::eq(a, b);
  case 1: return at::ne(a, b);
  case 2: return at::lt(a, b);
  case 3: return at::le(a, b);
  case 4: return at::gt(a, b);
  default: return at::ge(a, b);
  }
}

// NaN stands for "no bound".
std::optional<at::Scalar> bound(const at::Tensor &beside, double value) {
  if (std::isnan(value)) return std::nullopt;
  return scalar(beside, value);
}
} // namespace

// Operations that differ only in the function they call.
#define CT_UNARY(name, function)                                                                        \
  ct_status ct_##name(const ct_tensor *a, ct_tensor **out) noexcept {                                   \
    return guard([&] { *out = box(at::function(a->value)); });                                          \
  }
#define CT_BINARY(name, function)                                                                       \
  ct_status ct_##name(const ct_tensor *a, const ct_tensor *b, ct_tensor **out) noexcept {               \
    return guard([&] { *out = box(at::function(a->value, b->value)); });                                \
  }
#define CT_SCALAR(name, function)                                                                       \
  ct_status ct_##name(const ct_tensor *a, double b, ct_tensor **out) noexcept {                         \
    return guard([&] { *out = box(at::function(a->value, scalar(a->value, b))); });                     \
  }

extern "C" {
CT_BINARY(add, add)
CT_BINARY(subtract, sub)
CT_BINARY(multiply, mul)
CT_BINARY(divide, div)
CT_BINARY(maximum, maximum)
CT_BINARY(minimum, minimum)
CT_BINARY(matmul, matmul)
CT_BINARY(and, logical_and)
CT_BINARY(or, logical_or)

CT_SCALAR(add_scalar, add)
CT_SCALAR(multiply_scalar, mul)
CT_SCALAR(divide_scalar, div)
CT_SCALAR(floor_divide_scalar, floor_divide)
CT_SCALAR(remainder_scalar, remainder)
CT_SCALAR(power_scalar, pow)

CT_UNARY(not, logical_not)
CT_UNARY(is_finite, isfinite)
CT_UNARY(negate, neg)
CT_UNARY(abs, abs)
CT_UNARY(exp, exp)
CT_UNARY(log, log)
CT_UNARY(log2, log2)
CT_UNARY(sqrt, sqrt)
CT_UNARY(floor, floor)
CT_UNARY(ceil, ceil)
CT_UNARY(sin, sin)
CT_UNARY(sigmoid, sigmoid)
CT_UNARY(relu, relu)
CT_UNARY(relu6, relu6)

ct_status ct_scalar_subtract(double a, const ct_tensor *b, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::rsub(b->value, scalar(b->value, a))); });
}

ct_status ct_scalar_divide(double a, const ct_tensor *b, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::reciprocal(b->value).mul(a)); });
}

ct_status ct_compare(const ct_tensor *a, const ct_tensor *b, intptr_t kind, ct_tensor **out) noexcept {
  return guard([&] { *out = box(compare(a->value, b->value, kind)); });
}

ct_status ct_compare_scalar(const ct_tensor *a, double b, intptr_t kind, ct_tensor **out) noexcept {
  return guard([&] { *out = box(compare(a->value, scalar(a->value, b), kind)); });
}

ct_status ct_where(const ct_tensor *condition, const ct_tensor *a, const ct_tensor *b,
                   ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::where(condition->value, a->value, b->value)); });
}

ct_status ct_clamp(const ct_tensor *a, double low, double high, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::clamp(a->value, bound(a->value, low), bound(a->value, high))); });
}

ct_status ct_add_(ct_tensor *a, const ct_tensor *b, double factor) noexcept {
  return guard([&] { a->value.add_(b->value, scalar(a->value, factor)); });
}

ct_status ct_multiply_(ct_tensor *a, const ct_tensor *b) noexcept {
  return guard([&] { a->value.mul_(b->value); });
}

ct_status ct_add_scalar_(ct_tensor *a, double b) noexcept {
  return guard([&] { a->value.add_(scalar(a->value, b)); });
}

ct_status ct_multiply_scalar_(ct_tensor *a, double b) noexcept {
  return guard([&] { a->value.mul_(scalar(a->value, b)); });
}

ct_status ct_fill_(ct_tensor *a, double value) noexcept {
  return guard([&] { a->value.fill_(scalar(a->value, value)); });
}

ct_status ct_copy_(ct_tensor *a, const ct_tensor *b) noexcept {
  return guard([&] { a->value.copy_(b->value); });
}

ct_status ct_relu_(ct_tensor *a) noexcept {
  return guard([&] { a->value.relu_(); });
}
}
