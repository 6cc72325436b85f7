// 3x3 convolution of stride 1 by Winograd's F(4x4, 3x3): a quarter of the multiplications (Lavin & Gray 2016).
#include "packed_convolution.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>

namespace packed {

namespace {
constexpr int64_t points = Tiling::points, side = Tiling::side;
} // namespace

bool winogradPays(const Geometry &geometry, const at::Tensor &x, Break least) {
  const Kernels &kernels = *packed::kernels();
  bool fits = geometry.kernel == 3 && geometry.stride == 1 && geometry.padding == 1 &&
              geometry.inputs % kernels.lanes == 0;
  const Tiling tiling(x);
  bool isLarge = std::min(geometry.inputs, geometry.outputs) >= least.channels && tiling.count >= least.tiles;
  // Tiles cut at the border are computed whole.
  return fits && isLarge && 2 * side * side * tiling.count <= 3 * x.size(0) * tiling.height * tiling.width;
}

namespace {

// A block's tiles transformed, and their products with the filters. Rows are filled up to whole products.
class FloatBlock {
public:
  FloatBlock(const Kernels &kernels, const std::vector<Panels> &panels, int64_t size)
      : columns(panels[0].count * panels[0].width), kernels(kernels), panels(panels), size(size),
        inputs(panels[0].depth), zeros(size_t(columns), 0.0f), values(at::empty({points, size, inputs}, at::kFloat)),
        value(values.mutable_data_ptr<float>()) {}

  const int64_t columns;

  void set(int64_t row, const float *const *pixels) {
    kernels.floats.input(pixels, inputs, value + row * inputs, size * inputs);
  }

  // [count, columns]
  void multiply(int64_t point, int64_t count, float *products) const {
    const Panels &filters = panels[size_t(point)];
    const float *first = value + point * size * inputs;
    std::array<const float *, 16> pixels;
    for (int64_t panel = 0; panel < filters.count; panel++) {
      for (int64_t t = 0; t < count; t += kernels.tileRows) {
        for (int64_t i = 0; i < kernels.tileRows; i++) pixels[size_t(i)] = first + (t + i) * inputs;
        kernels.multiply({pixels.data(), 1, 0, inputs, filters.panel(panel), zeros.data(), nullptr,
                          products + t * columns + panel * filters.width, columns, 0, 0, true, false});
      }
    }
  }

private:
  const Kernels &kernels;
  const std::vector<Panels> &panels;
  int64_t size, inputs;
  std::vector<float> zeros;
  at::Tensor values; // [36, size, inputs]
  float *value;
};

// The same with 16-bit whole numbers, each row in a unit of its own.
class FixedBlock {
public:
  FixedBlock(const Kernels &kernels, const FixedPanels &panels, int64_t size)
      : columns(panels.count * panels.width), kernels(kernels), panels(panels), size(size), inputs(panels.depth),
        transformed(size_t(points * inputs)), units(size_t(points * size), 0.0f),
        values(at::empty({points, size, inputs}, at::kShort)), value(values.mutable_data_ptr<int16_t>()),
        filters(panels.values.const_data_ptr<int16_t>()), columnUnits(panels.units.const_data_ptr<float>()) {}

  const int64_t columns;

  void set(int64_t row, const c10::BFloat16 *const *pixels) {
    kernels.halves.input(pixels, inputs, transformed.data(), inputs);
    for (int64_t point = 0; point < points; point++) {
      int64_t at = point * size + row;
      units[size_t(at)] =
          kernels.fixedPoint->quantizeRow(transformed.data() + point * inputs, inputs, value + at * inputs);
    }
  }

  void multiply(int64_t point, int64_t count, float *products) const {
    const int16_t *first = value + point * size * inputs;
    for (int64_t panel = 0; panel < panels.count; panel++) {
      int64_t at = point * panels.count + panel;
      for (int64_t t = 0; t < count; t += kernels.tileRows) {
        kernels.fixedPoint->multiply({first + t * inputs, inputs, 2, inputs / 2,
                                      filters + at * panels.depth * panels.width, units.data() + point * size + t,
                                      columnUnits + at * panels.width, products + t * columns + panel * panels.width,
                                      columns});
      }
    }
  }

private:
  const Kernels &kernels;
  const FixedPanels &panels;
  int64_t size, inputs;
  std::vector<float> transformed, units; // [36, inputs] of one tile; [36, size]
  at::Tensor values;                     // [36, size, inputs]
  int16_t *value;
  const int16_t *filters;
  const float *columnUnits;
};

template <class Block, class Element, class Filters>
void convolveTiles(const Work<Element> &work, const Filters &filters, int64_t columns) {
  const Kernels &kernels = *packed::kernels();
  const Transforms<Element> &transforms = kernels.transforms<Element>();
  const Tiling tiling(work.x);
  const Element *x = work.x.template const_data_ptr<Element>();
  Element *out = work.out.template mutable_data_ptr<Element>();
  int64_t inputs = work.x.size(1), outputs = work.out.size(1);
  const std::vector<Element> zeros(size_t(inputs), Element(0.0f));
  // Large enough that filters are read seldom, the more the larger they are beside the maps, and small enough that what
  // is transformed stays in cache and every thread has work (measured on 64 to 256 channels).
  int64_t threads = at::get_num_threads(), tiles = tiling.count, share = (tiles + threads - 1) / threads;
  int64_t most = std::clamp<int64_t>(3 * inputs * columns / (4 * (inputs + columns)), 48, 96);
  int64_t rows = std::min(most / kernels.tileRows, (share + kernels.tileRows - 1) / kernels.tileRows);
  int64_t size = rows * kernels.tileRows, blocks = (tiles + size - 1) / size;
  ctorch::parallel(0, blocks, 1, [&](int64_t begin, int64_t stop) {
    Block block(kernels, filters, size);
    at::Tensor products = at::empty({points, size, columns}, at::kFloat);
    float *product = products.mutable_data_ptr<float>();
    std::array<const Element *, points> pixels;
    for (int64_t first = begin * size; first < std::min(tiles, stop * size); first += size) {
      int64_t count = std::min(size, tiles - first);
      for (int64_t i = 0; i < count; i++) {
        tiling.gather(x, inputs, first + i, 1, 6, zeros.data(), pixels.data());
        block.set(i, pixels.data());
      }
      for (int64_t point = 0; point < points; point++) block.multiply(point, count, product + point * size * columns);
      for (int64_t i = 0; i < count; i++) {
        int64_t row = tiling.row(first + i), column = tiling.column(first + i);
        int64_t at = ((tiling.image(first + i) * tiling.height + row) * tiling.width + column) * outputs;
        Patch<Element> patch{work.bias, work.residual ? work.residual + at : nullptr, out + at,
                             std::min(side, tiling.height - row), std::min(side, tiling.width - column),
                             tiling.width * outputs, outputs, outputs, work.low, work.high};
        transforms.output(product + i * columns, size * columns, patch);
      }
    }
  });
}

} // namespace

void convolveWinograd(const Work<float> &work, const std::vector<Panels> &panels) {
  convolveTiles<FloatBlock>(work, panels, panels[0].count * panels[0].width);
}

void convolveWinograd(const Work<c10::BFloat16> &work, const FixedPanels &panels) {
  convolveTiles<FixedBlock>(work, panels, panels.count * panels.width);
}

} // namespace packed
