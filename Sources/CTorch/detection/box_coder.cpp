// Boxes as deltas from other boxes, and back; no gradients.
#include "detection.h"
#include "CTorchDetection.h"

#include <ATen/ops/empty_like.h>

namespace detection {
namespace {

at::Tensor encoded(const at::Tensor &from, const at::Tensor &to, const Coder &coder) {
  TORCH_CHECK(from.sizes() == to.sizes(), "boxes ", from.sizes(), " cannot be coded against ", to.sizes());
  const Box *source = boxes(from), *target = boxes(to);
  at::Tensor deltas = at::empty_like(from);
  float *out = deltas.mutable_data_ptr<float>();
  for (int64_t i = 0; i < from.size(0); i++) coder.encode(source[i], target[i], out + 4 * i);
  return deltas;
}

// deltas [n, 4 k]: k boxes for each box they start from.
at::Tensor decoded(const at::Tensor &from, const at::Tensor &deltas, const Coder &coder) {
  const Box *source = boxes(from);
  TORCH_CHECK(deltas.dim() == 2 && deltas.size(0) == from.size(0) && deltas.size(1) % 4 == 0,
              "deltas are [", from.size(0), ", 4 k], not ", deltas.sizes());
  int64_t each = deltas.size(1) / 4;
  at::Tensor result = at::empty_like(deltas);
  const float *delta = deltas.const_data_ptr<float>();
  Box *out = reinterpret_cast<Box *>(result.mutable_data_ptr<float>());
  for (int64_t i = 0; i < from.size(0) * each; i++) {
    const float *t = delta + 4 * i;
    out[i] = coder.decode(source[i / each], t[0], t[1], t[2], t[3]);
  }
  return result;
}

} // namespace
} // namespace detection

using ctorch::box;
using ctorch::guard;

extern "C" {
ct_status ct_encode_boxes(const ct_tensor *from, const ct_tensor *to, const double *deviations,
                          ct_tensor **out) noexcept {
  return guard([&] {
    *out = box(detection::encoded(detection::plain(from->value), detection::plain(to->value),
                                  detection::Coder(deviations)));
  });
}

ct_status ct_decode_boxes(const ct_tensor *from, const ct_tensor *deltas, const double *deviations,
                          ct_tensor **out) noexcept {
  return guard([&] {
    *out = box(detection::decoded(detection::plain(from->value), detection::plain(deltas->value),
                                  detection::Coder(deviations)));
  });
}

ct_status ct_clip_boxes(const ct_tensor *boxes, const intptr_t *counts, const double *heights,
                        const double *widths, intptr_t images, ct_tensor **out) noexcept {
  return guard([&] {
    at::Tensor own = detection::plain(boxes->value);
    auto start = detection::starts(counts, images);
    const detection::Box *given = detection::boxes(own);
    TORCH_CHECK(start.back() == own.size(0), "the counts do not sum to the number of boxes");
    at::Tensor result = at::empty_like(own);
    auto *clipped = reinterpret_cast<detection::Box *>(result.mutable_data_ptr<float>());
    for (size_t image = 0; image < size_t(images); image++) {
      for (int64_t i = start[image]; i < start[image + 1]; i++) {
        clipped[i] = detection::clipped(given[i], float(heights[image]), float(widths[image]));
      }
    }
    *out = box(result);
  });
}
}
