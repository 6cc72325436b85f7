// 3x3 convolution of stride 1 by Winograd's F(4x4, 3x3): a quarter of the multiplications (Lavin & Gray 2016).
#include "packed_convolution.h"

#include <ATen/Parallel.h>
#include <ATen/ops/einsum.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <array>

namespace packed {

namespace {
constexpr int64_t points = 36, side = 4; // values of a transformed tile, pixels of its output's side
} // namespace

std::vector<Panels> winogradPanels(const at::Tensor &weight, const Kernels &kernels) {
  const double g[] = {1.0 / 4,  0,        0,       -1.0 / 6, -1.0 / 6,  -1.0 / 6, -1.0 / 6, 1.0 / 6, -1.0 / 6,
                      1.0 / 24, 1.0 / 12, 1.0 / 6, 1.0 / 24, -1.0 / 12, 1.0 / 6,  0,        0,       1};
  at::Tensor transform = at::tensor(at::ArrayRef<double>(g), at::kDouble).reshape({6, 3});
  at::Tensor all = at::einsum("iy,ocyx,jx->ijco", {transform, weight.to(at::kDouble), transform}).to(at::kFloat);
  all = all.reshape({points, weight.size(1), weight.size(0)}).contiguous();
  std::vector<Panels> panels;
  for (int64_t i = 0; i < points; i++) panels.emplace_back(all[i], kernels);
  return panels;
}

// Few tiles do not repay reading filters that are four times as large, nor narrow maps the transforms.
bool winogradPays(const Geometry &geometry, int64_t images, int64_t height, int64_t width) {
  const Kernels &kernels = *packed::kernels();
  bool fits = geometry.kernel == 3 && geometry.stride == 1 && geometry.padding == 1 &&
              geometry.inputs % kernels.lanes == 0 && geometry.outputs % kernels.lanes == 0;
  int64_t tiles = images * ((height + side - 1) / side) * ((width + side - 1) / side);
  bool isWide = std::min(geometry.inputs, geometry.outputs) >= 32 && tiles >= 48;
  // Tiles cut at the border are computed whole.
  return fits && isWide && 2 * side * side * tiles <= 3 * images * height * width;
}

namespace {

struct Winograd {
  const Kernels &kernels;
  const Work &work;
  const std::vector<Panels> &panels;
  int64_t inputs, outputs, height, width, tileRows, tileColumns, tiles, columns;
  std::vector<float> zeros;

  Winograd(const Kernels &kernels, const Work &work, const std::vector<Panels> &panels)
      : kernels(kernels), work(work), panels(panels), inputs(work.x.size(1)), outputs(work.out.size(1)),
        height(work.x.size(2)), width(work.x.size(3)), tileRows((height + side - 1) / side),
        tileColumns((width + side - 1) / side), tiles(work.x.size(0) * tileRows * tileColumns),
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
  void read(int64_t tile, float *out, int64_t step) const {
    std::array<const float *, points> pixels;
    int64_t column = tile % tileColumns * side - 1, row = tile / tileColumns % tileRows * side - 1;
    const float *image = work.x.const_data_ptr<float>() + tile / (tileRows * tileColumns) * height * width * inputs;
    for (int64_t i = 0; i < 6; i++) {
      for (int64_t j = 0; j < 6; j++) {
        int64_t y = row + i, x = column + j;
        bool inside = y >= 0 && y < height && x >= 0 && x < width;
        pixels[size_t(6 * i + j)] = inside ? image + (y * width + x) * inputs : zeros.data();
      }
    }
    kernels.transformInput(pixels.data(), inputs, out, step);
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
    int64_t column = tile % tileColumns * side, row = tile / tileColumns % tileRows * side;
    int64_t at = ((tile / (tileRows * tileColumns) * height + row) * width + column) * outputs;
    Patch patch{work.bias, work.residual ? work.residual + at : nullptr, work.out.mutable_data_ptr<float>() + at,
                std::min(side, height - row), std::min(side, width - column), width * outputs, outputs, outputs,
                work.low, work.high};
    kernels.transformOutput(products, step, patch);
  }
};

} // namespace

void convolveWinograd(const Work &work, const std::vector<Panels> &panels) {
  const Kernels &kernels = *packed::kernels();
  Winograd winograd(kernels, work, panels);
  int64_t threads = at::get_num_threads();
  // Large enough that filters are read seldom, small enough that every thread has work.
  int64_t share = (winograd.tiles + threads - 1) / threads, most = 48 / kernels.tileRows * kernels.tileRows;
  int64_t block = (std::min(most, share) + kernels.tileRows - 1) / kernels.tileRows * kernels.tileRows;
  int64_t blocks = (winograd.tiles + block - 1) / block;
  ctorch::parallel(0, blocks, 1, [&](int64_t from, int64_t to) {
    at::Tensor values = at::empty({points, block, winograd.inputs}, at::kFloat);
    at::Tensor products = at::empty({points, block, winograd.columns}, at::kFloat);
    float *value = values.mutable_data_ptr<float>();
    // The last tile of a product may reach beyond the block's end.
    for (int64_t b = from; b < to; b++) {
      int64_t first = b * block;
      winograd.run(first, std::min(winograd.tiles, first + block), block, value, products.mutable_data_ptr<float>());
    }
  });
}

} // namespace packed
