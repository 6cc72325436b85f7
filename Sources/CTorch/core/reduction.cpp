// Reductions, softmax and order.
#include "CTorchMath.h"
#include "shim.h"

#include <ATen/ops/all.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/amin.h>
#include <ATen/ops/max.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/min.h>
#include <ATen/ops/nonzero.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/sort.h>
#include <ATen/ops/sum.h>

using namespace ctorch;

namespace {
// An empty list means every dimension.
at::OptionalIntArrayRef dimensions(const intptr_t *dims, intptr_t count) {
  if (count == 0) return std::nullopt;
  return list(dims, count);
}

void boxPair(std::tuple<at::Tensor, at::Tensor> pair, ct_tensor **first, ct_tensor **second) {
  *first = box(std::get<0>(std::move(pair)));
  *second = box(std::get<1>(std::move(pair)));
}
} // namespace

extern "C" {
ct_status ct_sum(const ct_tensor *a, const intptr_t *dims, intptr_t count, bool keep,
                 ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::sum(a->value, dimensions(dims, count), keep)); });
}

ct_status ct_mean(const ct_tensor *a, const intptr_t *dims, intptr_t count, bool keep,
                  ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::mean(a->value, dimensions(dims, count), keep)); });
}

ct_status ct_amax(const ct_tensor *a, const intptr_t *dims, intptr_t count, bool keep,
                  ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::amax(a->value, list(dims, count), keep)); });
}

ct_status ct_amin(const ct_tensor *a, const intptr_t *dims, intptr_t count, bool keep,
                  ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::amin(a->value, list(dims, count), keep)); });
}

ct_status ct_max(const ct_tensor *a, intptr_t dim, bool keep, ct_tensor **values,
                 ct_tensor **indices) noexcept {
  return guard([&] { boxPair(at::max(a->value, dim, keep), values, indices); });
}

ct_status ct_min(const ct_tensor *a, intptr_t dim, bool keep, ct_tensor **values,
                 ct_tensor **indices) noexcept {
  return guard([&] { boxPair(at::min(a->value, dim, keep), values, indices); });
}

ct_status ct_all(const ct_tensor *a, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::all(a->value)); });
}

ct_status ct_softmax(const ct_tensor *a, intptr_t dim, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::softmax(a->value, dim)); });
}

ct_status ct_sort(const ct_tensor *a, intptr_t dim, bool descending, ct_tensor **values,
                  ct_tensor **indices) noexcept {
  return guard([&] { boxPair(at::sort(a->value, true, dim, descending), values, indices); });
}

ct_status ct_nonzero(const ct_tensor *a, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::nonzero(a->value)); });
}
}
