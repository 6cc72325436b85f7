// The gradient of 3x3 filters by Winograd's F(4x4, 3x3), transposed: Gᵀ [Σ (Bᵀ x B) ⊙ (A dy Aᵀ)] G over all tiles.
//
// For each of the 36 points it is a product of two matrices, tiles summed over: a quarter of the multiplications, and
// long ones, where the direct gradient of channels-last maps is the slowest part of a step.
#include "packed_convolution.h"

#include <ATen/Parallel.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>

namespace packed {

namespace {
constexpr int64_t points = Tiling::points;
constexpr int64_t floatsOfBlock = 1 << 18; // transformed values of both sides: what stays in cache

using Transform = void (*)(const float *const *pixels, int64_t channels, float *out, int64_t step);

// Tiles first ..< end of a map, transformed: [36, tiles, channels].
at::Tensor transformed(const at::Tensor &map, const Tiling &tiling, int64_t first, int64_t end, int64_t margin,
                       int64_t extent, Transform transform) {
  int64_t channels = map.size(1), step = (end - first) * channels;
  at::Tensor values = at::empty({points, end - first, channels}, at::kFloat);
  std::vector<float> zeros(size_t(channels), 0.0f);
  const float *from = map.const_data_ptr<float>();
  float *to = values.mutable_data_ptr<float>();
  ctorch::parallel(first, end, 8, [&](int64_t begin, int64_t stop) {
    std::array<const float *, points> pixels;
    for (int64_t tile = begin; tile < stop; tile++) {
      tiling.gather(from, channels, tile, margin, extent, zeros.data(), pixels.data());
      transform(pixels.data(), channels, to + (tile - first) * channels, step);
    }
  });
  return values;
}
} // namespace

at::Tensor winogradFilterGradient(const at::Tensor &x, const at::Tensor &gradient) {
  const Kernels &kernels = *packed::kernels();
  const Tiling tiling(x);
  int64_t inputs = x.size(1), outputs = gradient.size(1);
  at::Tensor sums = at::zeros({points, inputs, outputs}, at::kFloat);
  int64_t block = std::max<int64_t>(floatsOfBlock / (points * (inputs + outputs)), 64);
  for (int64_t first = 0; first < tiling.count; first += block) {
    int64_t end = std::min(tiling.count, first + block);
    at::Tensor values = transformed(x, tiling, first, end, 1, 6, kernels.transformInput);
    at::Tensor changes = transformed(gradient, tiling, first, end, 0, Tiling::side, kernels.transformGradient);
    sums.baddbmm_(values.transpose(1, 2), changes);
  }
  at::Tensor taps = at::empty({3, 3, inputs, outputs}, at::kFloat);
  const float *from = sums.const_data_ptr<float>();
  float *to = taps.mutable_data_ptr<float>();
  ctorch::parallel(0, inputs, 16, [&](int64_t begin, int64_t stop) {
    for (int64_t i = begin; i < stop; i++) {
      kernels.transformProducts(from + i * outputs, inputs * outputs, outputs, to + i * outputs, inputs * outputs);
    }
  });
  return taps.permute({3, 2, 0, 1});
}

} // namespace packed
