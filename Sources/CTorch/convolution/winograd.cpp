// 3x3 convolution of stride 1 by Winograd's F(4x4, 3x3): a quarter of the multiplications (Lavin & Gray 2016).
#include "packed_convolution.h"

#include <ATen/Parallel.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>

namespace packed {

namespace {
constexpr int64_t points = Tiling::points, side = Tiling::side;
} // namespace

void Tiling::gather(const float *map, int64_t channels, int64_t tile, int64_t margin, int64_t extent,
                    const float *zeros, const float **pixels) const {
  int64_t left = column(tile) - margin, top = row(tile) - margin;
  const float *corner = map + ((image(tile) * height + top) * width + left) * channels;
  bool isInside = top >= 0 && left >= 0 && top + extent <= height && left + extent <= width;
  for (int64_t i = 0; i < extent; i++) {
    for (int64_t j = 0; j < extent; j++) {
      int64_t y = top + i, x = left + j;
      bool has = isInside || (y >= 0 && y < height && x >= 0 && x < width);
      pixels[extent * i + j] = has ? corner + (i * width + j) * channels : zeros;
    }
  }
}

std::vector<Panels> winogradPanels(const at::Tensor &weight, Filters direction, const Kernels &kernels) {
  // [3, 3, depth, columns]: what is summed over, then what a row of products has.
  bool isForward = direction == Filters::forward;
  at::Tensor rows = isForward ? weight.permute({2, 3, 1, 0}) : weight.flip({2, 3}).permute({2, 3, 0, 1});
  int64_t depth = rows.size(2), width = 2 * kernels.lanes, count = (rows.size(3) + width - 1) / width;
  rows = at::constant_pad_nd(rows, {0, count * width - rows.size(3)}).contiguous();
  at::Tensor all = at::empty({points, count, depth, width}, rows.options());
  const float *from = rows.const_data_ptr<float>();
  float *to = all.mutable_data_ptr<float>();
  ctorch::parallel(0, depth, 16, [&](int64_t first, int64_t end) {
    for (int64_t d = first; d < end; d++) {
      for (int64_t panel = 0; panel < count; panel++) {
        kernels.transformFilter(from + (d * count + panel) * width, depth * count * width, width,
                                to + (panel * depth + d) * width, count * depth * width);
      }
    }
  });
  std::vector<Panels> panels;
  for (int64_t i = 0; i < points; i++) panels.emplace_back(all[i]);
  return panels;
}

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

struct Winograd {
  const Kernels &kernels;
  const Work &work;
  const std::vector<Panels> &panels;
  const Tiling tiling;
  const float *x;
  float *out;
  int64_t inputs, outputs, columns;
  std::vector<float> zeros;

  Winograd(const Kernels &kernels, const Work &work, const std::vector<Panels> &panels)
      : kernels(kernels), work(work), panels(panels), tiling(work.x), x(work.x.const_data_ptr<float>()),
        out(work.out.mutable_data_ptr<float>()), inputs(work.x.size(1)), outputs(work.out.size(1)),
        columns(panels[0].count * panels[0].width), zeros(size_t(std::max(inputs, columns)), 0.0f) {}

  // Tiles from ..< to; `values` [36, block, inputs], `products` [36, block, columns].
  void run(int64_t from, int64_t to, int64_t block, float *values, float *products) const {
    for (int64_t t = from; t < to; t++) read(t, values + (t - from) * inputs, block * inputs);
    for (int64_t point = 0; point < points; point++) {
      multiply(panels[size_t(point)], to - from, values + point * block * inputs, products + point * block * columns);
    }
    for (int64_t t = from; t < to; t++) write(t, products + (t - from) * columns, block * columns);
  }

private:
  void read(int64_t tile, float *values, int64_t step) const {
    std::array<const float *, points> pixels;
    tiling.gather(x, inputs, tile, 1, 6, zeros.data(), pixels.data());
    kernels.transformInput(pixels.data(), inputs, values, step);
  }

  void multiply(const Panels &filters, int64_t count, const float *values, float *products) const {
    std::array<const float *, 16> pixels;
    for (int64_t panel = 0; panel < filters.count; panel++) {
      for (int64_t t = 0; t < count; t += kernels.tileRows) {
        for (int64_t i = 0; i < kernels.tileRows; i++) pixels[size_t(i)] = values + (t + i) * inputs;
        kernels.multiply({pixels.data(), 1, 0, inputs, filters.panel(panel), zeros.data(), nullptr,
                          products + t * columns + panel * filters.width, columns, 0, 0, true, false});
      }
    }
  }

  void write(int64_t tile, const float *products, int64_t step) const {
    int64_t row = tiling.row(tile), column = tiling.column(tile);
    int64_t at = ((tiling.image(tile) * tiling.height + row) * tiling.width + column) * outputs;
    Patch patch{work.bias, work.residual ? work.residual + at : nullptr, out + at,
                std::min(side, tiling.height - row), std::min(side, tiling.width - column), tiling.width * outputs,
                outputs, outputs, work.low, work.high};
    kernels.transformOutput(products, step, patch);
  }
};

} // namespace

void convolveWinograd(const Work &work, const std::vector<Panels> &panels) {
  const Kernels &kernels = *packed::kernels();
  Winograd winograd(kernels, work, panels);
  int64_t threads = at::get_num_threads(), tiles = winograd.tiling.count;
  // Large enough that filters are read seldom, the more the larger they are beside the maps, and small enough that what
  // is transformed stays in cache and every thread has work (measured on 64 to 256 channels).
  int64_t share = (tiles + threads - 1) / threads, inputs = winograd.inputs, columns = winograd.columns;
  int64_t most = std::clamp<int64_t>(3 * inputs * columns / (4 * (inputs + columns)), 48, 96);
  int64_t rows = std::min(most / kernels.tileRows, (share + kernels.tileRows - 1) / kernels.tileRows);
  int64_t block = rows * kernels.tileRows;
  int64_t blocks = (tiles + block - 1) / block;
  ctorch::parallel(0, blocks, 1, [&](int64_t from, int64_t to) {
    at::Tensor values = at::empty({points, block, winograd.inputs}, at::kFloat);
    at::Tensor products = at::empty({points, block, winograd.columns}, at::kFloat);
    float *value = values.mutable_data_ptr<float>();
    // The last tile of a product may reach beyond the block's end.
    for (int64_t b = from; b < to; b++) {
      int64_t first = b * block;
      winograd.run(first, std::min(tiles, first + block), block, value, products.mutable_data_ptr<float>());
    }
  });
}

} // namespace packed
