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

template <class Element>
using Transform = void (*)(const Element *const *pixels, int64_t channels, float *out, int64_t step);

// Tiles first ..< end of a map, transformed: [36, tiles, channels], with a row of zeros behind an odd number of tiles.
template <class Element>
at::Tensor transformed(const at::Tensor &map, const Tiling &tiling, int64_t first, int64_t end, int64_t margin,
                       int64_t extent, Transform<Element> transform) {
  int64_t channels = map.size(1), count = end - first, rows = count + count % 2, step = rows * channels;
  at::Tensor values = at::empty({points, rows, channels}, at::kFloat);
  if (rows > count) values.narrow(1, count, 1).zero_();
  const std::vector<Element> zeros(size_t(channels), Element(0.0f));
  const Element *from = map.const_data_ptr<Element>();
  float *to = values.mutable_data_ptr<float>();
  ctorch::parallel(first, end, 8, [&](int64_t begin, int64_t stop) {
    std::array<const Element *, points> pixels;
    for (int64_t tile = begin; tile < stop; tile++) {
      tiling.gather(from, channels, tile, margin, extent, zeros.data(), pixels.data());
      transform(pixels.data(), channels, to + (tile - first) * channels, step);
    }
  });
  return values;
}

// The sums of the products of both sides' values over tiles, [36, inputs, outputs].
class FloatSums {
public:
  // What is transformed of both sides stays in cache.
  static int64_t block(int64_t channels) { return std::max<int64_t>((1 << 18) / (points * channels), 64); }
  FloatSums(int64_t inputs, int64_t outputs, const Kernels &) : total(at::zeros({points, inputs, outputs}, at::kFloat)) {}

  void add(const at::Tensor &values, const at::Tensor &changes) { total.baddbmm_(values.transpose(1, 2), changes); }

  at::Tensor total;
};

// The same in fixed point. A column of the sums' matrix is an output, and is as long as there are columns in panels.
class FixedSums {
public:
  // So many that the sums, which lie in no near cache, are seldom added to; of more, the units would become coarse.
  static int64_t block(int64_t channels) { return std::clamp<int64_t>((1 << 22) / (points * channels), 64, 256); }
  FixedSums(int64_t inputs, int64_t outputs, const Kernels &kernels)
      : kernels(kernels), width(2 * kernels.lanes), inputs(inputs), outputs(outputs) {
    total = at::zeros({points, inputs, panels(outputs) * width}, at::kFloat);
  }

  at::Tensor total;

  void add(const at::Tensor &values, const at::Tensor &changes) {
    const float *left = values.const_data_ptr<float>(), *right = changes.const_data_ptr<float>();
    int64_t depth = values.size(1);
    ctorch::parallel(0, points, 1, [&](int64_t from, int64_t end) {
      Side rows(panels(inputs), depth, width), columns(panels(outputs), depth, width);
      for (int64_t point = from; point < end; point++) {
        quantize(left + point * depth * inputs, inputs, depth, FixedSide::rows, rows);
        quantize(right + point * depth * outputs, outputs, depth, FixedSide::columns, columns);
        multiply(rows, columns, depth, point);
      }
    });
  }

private:
  struct Side {
    std::vector<int16_t> numbers; // [panels, depth / 2, width, 2]
    std::vector<float> units;     // [panels, width]
    Side(int64_t panels, int64_t depth, int64_t width)
        : numbers(size_t(panels * depth * width)), units(size_t(panels * width)) {}
  };

  const Kernels &kernels;
  int64_t width, inputs, outputs;

  int64_t panels(int64_t channels) const { return (channels + width - 1) / width; }

  void quantize(const float *values, int64_t channels, int64_t depth, FixedSide side, Side &out) const {
    for (int64_t panel = 0; panel < panels(channels); panel++) {
      int64_t first = panel * width, at = panel * depth * width;
      kernels.fixedPoint->quantizePanel({values + first, channels, depth, std::min(width, channels - first)}, side,
                                        out.numbers.data() + at, out.units.data() + first);
    }
  }

  void multiply(const Side &rows, const Side &columns, int64_t depth, int64_t point) {
    constexpr int64_t step = FixedPoint::addedRows;
    int64_t length = total.size(2);
    float *sums = total.mutable_data_ptr<float>() + point * inputs * length;
    for (int64_t input = 0; input < inputs; input += step) {
      // Rows stand in panels too, one number beside another.
      const int16_t *row = rows.numbers.data() + input / width * depth * width + input % width * 2;
      for (int64_t panel = 0; panel < panels(outputs); panel++) {
        kernels.fixedPoint->addProducts({row, 2, 2 * width, depth / 2, columns.numbers.data() + panel * depth * width,
                                         rows.units.data() + input, columns.units.data() + panel * width,
                                         sums + input * length + panel * width, length});
      }
    }
  }
};

template <class Element, class Sums> at::Tensor filterGradient(const at::Tensor &x, const at::Tensor &gradient) {
  const Kernels &kernels = *packed::kernels();
  const Transforms<Element> &transforms = kernels.transforms<Element>();
  const Tiling tiling(x);
  int64_t inputs = x.size(1), outputs = gradient.size(1);
  Sums sums(inputs, outputs, kernels);
  int64_t block = Sums::block(inputs + outputs);
  for (int64_t first = 0; first < tiling.count; first += block) {
    int64_t end = std::min(tiling.count, first + block);
    at::Tensor values = transformed(x, tiling, first, end, 1, 6, transforms.input);
    sums.add(values, transformed(gradient, tiling, first, end, 0, Tiling::side, transforms.gradient));
  }
  at::Tensor taps = at::empty({3, 3, inputs, outputs}, at::kFloat);
  const float *from = sums.total.template const_data_ptr<float>();
  float *to = taps.mutable_data_ptr<float>();
  int64_t length = sums.total.size(2);
  ctorch::parallel(0, inputs, 16, [&](int64_t begin, int64_t stop) {
    for (int64_t i = begin; i < stop; i++) {
      kernels.transformProducts(from + i * length, inputs * length, outputs, to + i * outputs, inputs * outputs);
    }
  });
  return taps.permute({3, 2, 0, 1});
}
} // namespace

at::Tensor winogradFilterGradient(const at::Tensor &x, const at::Tensor &gradient) {
  bool isHalf = x.scalar_type() == at::kBFloat16;
  return isHalf ? filterGradient<c10::BFloat16, FixedSums>(x, gradient) : filterGradient<float, FloatSums>(x, gradient);
}

} // namespace packed
