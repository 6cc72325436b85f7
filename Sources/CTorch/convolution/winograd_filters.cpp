// Filters transformed for Winograd's F(4x4, 3x3), in float32 and as whole numbers.
#include "packed_convolution.h"

#include <ATen/Parallel.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>

namespace packed {

namespace {
constexpr int64_t points = Tiling::points;

// Taps in the order in which they are transformed: [3, 3, depth, count * width] in float32.
struct Taps {
  at::Tensor rows;
  int64_t depth, width, count;
  const float *first;

  Taps(const at::Tensor &weight, Filters direction, const Kernels &kernels) : width(2 * kernels.lanes) {
    // What is summed over, then what a row of products has.
    bool isForward = direction == Filters::forward;
    rows = isForward ? weight.permute({2, 3, 1, 0}) : weight.flip({2, 3}).permute({2, 3, 0, 1});
    depth = rows.size(2), count = (rows.size(3) + width - 1) / width;
    rows = at::constant_pad_nd(rows.to(at::kFloat), {0, count * width - rows.size(3)}).contiguous();
    first = rows.const_data_ptr<float>();
  }

  // One panel's values of one input, `step` apart.
  void transform(int64_t input, int64_t panel, float *out, int64_t step, const Kernels &kernels) const {
    kernels.transformFilter(first + (input * count + panel) * width, depth * count * width, width, out, step);
  }
};
} // namespace

std::vector<Panels> winogradPanels(const at::Tensor &weight, Filters direction, const Kernels &kernels) {
  const Taps taps(weight, direction, kernels);
  int64_t depth = taps.depth, width = taps.width, count = taps.count;
  at::Tensor all = at::empty({points, count, depth, width}, at::kFloat);
  float *to = all.mutable_data_ptr<float>();
  ctorch::parallel(0, depth, 16, [&](int64_t from, int64_t end) {
    for (int64_t d = from; d < end; d++) {
      for (int64_t panel = 0; panel < count; panel++) {
        taps.transform(d, panel, to + (panel * depth + d) * width, count * depth * width, kernels);
      }
    }
  });
  std::vector<Panels> panels;
  for (int64_t i = 0; i < points; i++) panels.emplace_back(all[i]);
  return panels;
}

FixedPanels fixedPanels(const at::Tensor &weight, Filters direction, const Kernels &kernels) {
  const Taps taps(weight, direction, kernels);
  int64_t depth = taps.depth, width = taps.width, count = taps.count;
  at::Tensor values = at::empty({points, count, depth / 2, width, 2}, at::kShort);
  at::Tensor units = at::empty({points, count * width}, at::kFloat);
  int16_t *to = values.mutable_data_ptr<int16_t>();
  float *unit = units.mutable_data_ptr<float>();
  ctorch::parallel(0, count, 1, [&](int64_t from, int64_t end) {
    at::Tensor panelValues = at::empty({points, depth, width}, at::kFloat);
    float *value = panelValues.mutable_data_ptr<float>();
    for (int64_t panel = from; panel < end; panel++) {
      for (int64_t d = 0; d < depth; d++) taps.transform(d, panel, value + d * width, depth * width, kernels);
      for (int64_t point = 0; point < points; point++) {
        int64_t at = point * count + panel;
        kernels.fixedPoint->quantizePanel({value + point * depth * width, width, depth, width}, FixedSide::columns,
                                          to + at * depth * width, unit + at * width);
      }
    }
  });
  return {values, units, count, depth, width};
}

} // namespace packed
