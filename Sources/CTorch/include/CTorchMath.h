// Arithmetic, comparison, elementwise functions, reductions and sorting.
#ifndef CTORCH_MATH_H
#define CTORCH_MATH_H
#include "CTorch.h"
CT_BEGIN

// Two tensors, broadcast.
ct_status ct_add(const ct_tensor *a, const ct_tensor *b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_subtract(const ct_tensor *a, const ct_tensor *b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_multiply(const ct_tensor *a, const ct_tensor *b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_divide(const ct_tensor *a, const ct_tensor *b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_maximum(const ct_tensor *a, const ct_tensor *b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_minimum(const ct_tensor *a, const ct_tensor *b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_matmul(const ct_tensor *a, const ct_tensor *b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_and(const ct_tensor *a, const ct_tensor *b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_or(const ct_tensor *a, const ct_tensor *b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_not(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;

// A tensor and a number; the number takes the tensor's kind when it can.
ct_status ct_add_scalar(const ct_tensor *a, double b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_multiply_scalar(const ct_tensor *a, double b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_divide_scalar(const ct_tensor *a, double b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_floor_divide_scalar(const ct_tensor *a, double b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_remainder_scalar(const ct_tensor *a, double b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_scalar_subtract(double a, const ct_tensor *b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_scalar_divide(double a, const ct_tensor *b, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_power_scalar(const ct_tensor *a, double b, ct_tensor **out) CT_NOEXCEPT;

// Comparison. kind: 0 equal, 1 unequal, 2 less, 3 at most, 4 greater, 5 at least.
ct_status ct_compare(const ct_tensor *a, const ct_tensor *b, intptr_t kind, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_compare_scalar(const ct_tensor *a, double b, intptr_t kind, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_where(const ct_tensor *condition, const ct_tensor *a, const ct_tensor *b,
                   ct_tensor **out) CT_NOEXCEPT;
ct_status ct_is_finite(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;

// In place.
ct_status ct_add_(ct_tensor *a, const ct_tensor *b, double factor) CT_NOEXCEPT;
ct_status ct_multiply_(ct_tensor *a, const ct_tensor *b) CT_NOEXCEPT;
ct_status ct_add_scalar_(ct_tensor *a, double b) CT_NOEXCEPT;
ct_status ct_multiply_scalar_(ct_tensor *a, double b) CT_NOEXCEPT;
ct_status ct_fill_(ct_tensor *a, double value) CT_NOEXCEPT;
ct_status ct_copy_(ct_tensor *a, const ct_tensor *b) CT_NOEXCEPT;

// One tensor.
ct_status ct_negate(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_abs(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_exp(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_log(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_log2(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_sqrt(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_floor(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_ceil(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_sin(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_sigmoid(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_relu(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_relu6(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_relu_(ct_tensor *a) CT_NOEXCEPT;
// NaN as a bound means there is none.
ct_status ct_clamp(const ct_tensor *a, double low, double high, ct_tensor **out) CT_NOEXCEPT;

// Reductions; no dimensions means all of them.
ct_status ct_sum(const ct_tensor *a, const intptr_t *dims, intptr_t count, bool keep,
                 ct_tensor **out) CT_NOEXCEPT;
ct_status ct_mean(const ct_tensor *a, const intptr_t *dims, intptr_t count, bool keep,
                  ct_tensor **out) CT_NOEXCEPT;
ct_status ct_amax(const ct_tensor *a, const intptr_t *dims, intptr_t count, bool keep,
                  ct_tensor **out) CT_NOEXCEPT;
ct_status ct_amin(const ct_tensor *a, const intptr_t *dims, intptr_t count, bool keep,
                  ct_tensor **out) CT_NOEXCEPT;
ct_status ct_max(const ct_tensor *a, intptr_t dim, bool keep, ct_tensor **values,
                 ct_tensor **indices) CT_NOEXCEPT;
ct_status ct_min(const ct_tensor *a, intptr_t dim, bool keep, ct_tensor **values,
                 ct_tensor **indices) CT_NOEXCEPT;
ct_status ct_all(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_softmax(const ct_tensor *a, intptr_t dim, ct_tensor **out) CT_NOEXCEPT;

// Order. Sorting is stable.
ct_status ct_sort(const ct_tensor *a, intptr_t dim, bool descending, ct_tensor **values,
                  ct_tensor **indices) CT_NOEXCEPT;
ct_status ct_nonzero(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;

CT_END
#endif
