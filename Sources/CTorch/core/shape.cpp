// Shape, indexing and joining.
#include "CTorchShape.h"
#include "shim.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/flatten.h>
#include <ATen/ops/gather.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/masked_fill.h>
#include <ATen/ops/masked_select.h>
#include <ATen/ops/nonzero.h>
#include <ATen/ops/one_hot.h>
#include <ATen/ops/permute.h>
#include <ATen/ops/reshape.h>
#include <ATen/ops/select.h>
#include <ATen/ops/slice.h>
#include <ATen/ops/squeeze.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/transpose.h>
#include <ATen/ops/unsqueeze.h>

#include <algorithm>

using namespace ctorch;

extern "C" {
ct_status ct_reshape(const ct_tensor *a, const intptr_t *shape, intptr_t count, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::reshape(a->value, list(shape, count))); });
}

ct_status ct_permute(const ct_tensor *a, const intptr_t *dims, intptr_t count, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::permute(a->value, list(dims, count))); });
}

ct_status ct_transpose(const ct_tensor *a, intptr_t first, intptr_t second, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::transpose(a->value, first, second)); });
}

ct_status ct_flatten(const ct_tensor *a, intptr_t from, intptr_t through, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::flatten(a->value, from, through)); });
}

ct_status ct_squeeze(const ct_tensor *a, intptr_t dim, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::squeeze(a->value, dim)); });
}

ct_status ct_unsqueeze(const ct_tensor *a, intptr_t dim, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::unsqueeze(a->value, dim)); });
}

ct_status ct_expand(const ct_tensor *a, const intptr_t *shape, intptr_t count, ct_tensor **out) noexcept {
  return guard([&] { *out = box(a->value.expand(list(shape, count))); });
}

ct_status ct_repeat(const ct_tensor *a, const intptr_t *times, intptr_t count, ct_tensor **out) noexcept {
  return guard([&] { *out = box(a->value.repeat(list(times, count))); });
}

ct_status ct_narrow(const ct_tensor *a, intptr_t dim, intptr_t from, intptr_t count,
                    ct_tensor **out) noexcept {
  return guard([&] { *out = box(a->value.narrow(dim, from, count)); });
}

ct_status ct_slice(const ct_tensor *a, intptr_t dim, intptr_t from, intptr_t to, intptr_t step,
                   ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::slice(a->value, dim, from, to, step)); });
}

ct_status ct_select(const ct_tensor *a, intptr_t dim, intptr_t index, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::select(a->value, dim, index)); });
}

ct_status ct_pad(const ct_tensor *a, const intptr_t *amounts, intptr_t count, double value,
                 ct_tensor **out) noexcept {
  return guard([&] {
    *out = box(at::constant_pad_nd(a->value, list(amounts, count), scalar(a->value, value)));
  });
}

ct_status ct_index_select(const ct_tensor *a, intptr_t dim, const ct_tensor *indices,
                          ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::index_select(a->value, dim, indices->value)); });
}

ct_status ct_gather(const ct_tensor *a, intptr_t dim, const ct_tensor *indices, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::gather(a->value, dim, indices->value)); });
}

ct_status ct_masked_select(const ct_tensor *a, const ct_tensor *mask, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::masked_select(a->value, mask->value)); });
}

ct_status ct_masked_rows(const ct_tensor *a, const ct_tensor *mask, ct_tensor **out) noexcept {
  return guard([&] {
    const at::Tensor &m = mask->value;
    TORCH_CHECK(m.dim() == 1 && m.scalar_type() == at::kBool && m.size(0) == a->value.size(0),
                "a mask of rows has one boolean a row: expected [", a->value.size(0), "], found ",
                m.sizes(), " of ", m.scalar_type());
    *out = box(at::index_select(a->value, 0, at::nonzero(m).squeeze(1)));
  });
}

ct_status ct_masked_fill(const ct_tensor *a, const ct_tensor *mask, double value, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::masked_fill(a->value, mask->value, scalar(a->value, value))); });
}

ct_status ct_one_hot(const ct_tensor *a, intptr_t classes, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::one_hot(a->value, classes)); });
}

ct_status ct_masked_fill_(ct_tensor *a, const ct_tensor *mask, double value) noexcept {
  return guard([&] { a->value.masked_fill_(mask->value, scalar(a->value, value)); });
}

ct_status ct_index_copy_(ct_tensor *a, intptr_t dim, const ct_tensor *indices,
                         const ct_tensor *source) noexcept {
  return guard([&] { a->value.index_copy_(dim, indices->value, source->value); });
}

ct_status ct_concatenate(const ct_tensor *const *parts, intptr_t count, intptr_t dim,
                         ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::cat(tensors(parts, count), dim)); });
}

ct_status ct_stack(const ct_tensor *const *parts, intptr_t count, intptr_t dim, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::stack(tensors(parts, count), dim)); });
}
}
