// Convolution as products of pixels and packed filters, without a copy of the windows.
#include "packed_convolution.h"

#include <ATen/Parallel.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>

namespace packed {

Panels::Panels(const at::Tensor &rows, const Kernels &kernels) {
  int64_t outputs = rows.size(1);
  depth = rows.size(0);
  width = 2 * kernels.lanes;
  count = (outputs + width - 1) / width;
  data = at::zeros({count, depth, width}, rows.options());
  const float *from = rows.const_data_ptr<float>();
  float *to = data.mutable_data_ptr<float>();
  first = to;
  for (int64_t k = 0; k < depth; k++) {
    for (int64_t o = 0; o < outputs; o++) to[(o / width * depth + k) * width + o % width] = from[k * outputs + o];
  }
}

at::Tensor panelBias(const at::Tensor &bias, int64_t outputs, const Kernels &kernels) {
  int64_t width = 2 * kernels.lanes;
  at::Tensor padded = at::zeros({(outputs + width - 1) / width * width}, at::kFloat);
  if (bias.defined()) padded.narrow(0, 0, outputs).copy_(bias);
  return padded;
}

at::Tensor directRows(const at::Tensor &weight) {
  int64_t outputs = weight.size(0);
  return weight.permute({2, 3, 1, 0}).reshape({-1, outputs}).contiguous();
}

namespace {

constexpr int64_t depthOfBlock = 384; // products summed before the next panel: what a panel keeps in cache
constexpr int64_t floatsOfBlock = 48 * 1024; // inputs of a block of pixels: what stays in the second cache

// Part of a sum: taps from ..< to, and of each the inputs firstInput ..< endInput.
struct DepthBlock {
  int64_t tap, taps, input, run, weightRow;
};

struct Convolution {
  const Kernels &kernels;
  const Work<float> &work;
  const Panels &panels;
  at::Tensor padded; // [n, inputs, h + 2 p, w + 2 p], channels-last
  const float *in;
  float *out;
  int64_t height, width, outHeight, outWidth, inputs, outputs, stride;
  std::vector<DepthBlock> depths;

  Convolution(const Kernels &kernels, const Work<float> &work, const Panels &panels, const Geometry &geometry)
      : kernels(kernels), work(work), panels(panels), inputs(geometry.inputs), outputs(geometry.outputs),
        stride(geometry.stride) {
    int64_t p = geometry.padding;
    padded = p == 0 ? work.x : at::constant_pad_nd(work.x, {p, p, p, p}).contiguous(at::MemoryFormat::ChannelsLast);
    in = padded.const_data_ptr<float>(), out = work.out.mutable_data_ptr<float>();
    height = padded.size(2), width = padded.size(3);
    outHeight = work.out.size(2), outWidth = work.out.size(3);
    int64_t run = geometry.kernel * inputs;
    if (geometry.kernel == 1) {
      for (int64_t k = 0; k < run; k += depthOfBlock) depths.push_back({0, 1, k, std::min(depthOfBlock, run - k), k});
    } else {
      int64_t taps = std::max<int64_t>(1, depthOfBlock / run);
      for (int64_t t = 0; t < geometry.kernel; t += taps) {
        depths.push_back({t, std::min(taps, geometry.kernel - t), 0, run, t * run});
      }
    }
  }

  const float *pixel(int64_t index) const {
    int64_t column = index % outWidth, row = index / outWidth % outHeight, image = index / (outWidth * outHeight);
    return in + ((image * height + row * stride) * width + column * stride) * inputs;
  }

  // All products of the pixels from ..< to with the panels first ..< end.
  void run(int64_t from, int64_t to, int64_t first, int64_t end) const {
    std::vector<const float *> pixels;
    for (const DepthBlock &depth : depths) {
      pixels.clear();
      int64_t offset = depth.tap * width * inputs + depth.input;
      for (int64_t p = from; p < to; p++) pixels.push_back(pixel(p) + offset);
      // The last tile is filled up with its last pixel.
      while (int64_t(pixels.size()) % kernels.tileRows != 0) pixels.push_back(pixels.back());
      for (int64_t panel = first; panel < end; panel++) {
        for (int64_t p = from; p < to; p += kernels.tileRows) {
          multiply(pixels.data() + (p - from), p, std::min(to, p + kernels.tileRows), panel, depth);
        }
      }
    }
  }

  void multiply(const float *const *pixels, int64_t from, int64_t to, int64_t panel, const DepthBlock &depth) const {
    int64_t tap = width * inputs;
    int64_t column = panel * panels.width, at = from * outputs + column;
    bool isFirst = &depth == &depths.front(), isLast = &depth == &depths.back();
    Tile tile{pixels, depth.taps, tap, depth.run, panels.panel(panel) + depth.weightRow * panels.width,
              work.bias + column, isLast && work.residual ? work.residual + at : nullptr, out + at, outputs,
              work.low, work.high, isFirst, isLast};
    int64_t rows = to - from, columns = std::min(panels.width, outputs - column);
    if (rows == kernels.tileRows && columns == panels.width) return kernels.multiply(tile);
    cut(tile, rows, columns);
  }

  // A tile that reaches beyond the output works on a copy.
  void cut(Tile tile, int64_t rows, int64_t columns) const {
    constexpr int64_t most = 16 * 32;
    std::array<float, most> out{}, residual{};
    float *result = tile.out;
    for (int64_t i = 0; i < rows; i++) {
      for (int64_t j = 0; j < columns; j++) {
        size_t at = size_t(i * panels.width + j);
        if (!tile.isFirst) out[at] = result[i * outputs + j];
        if (tile.residual) residual[at] = tile.residual[i * outputs + j];
      }
    }
    tile.out = out.data();
    if (tile.residual) tile.residual = residual.data();
    tile.outStride = panels.width;
    kernels.multiply(tile);
    for (int64_t i = 0; i < rows; i++) {
      for (int64_t j = 0; j < columns; j++) result[i * outputs + j] = out[size_t(i * panels.width + j)];
    }
  }
};

} // namespace

void convolve(const Work<float> &work, const Panels &panels, const Geometry &geometry) {
  const Kernels &kernels = *packed::kernels();
  Convolution convolution(kernels, work, panels, geometry);
  int64_t pixels = work.out.size(0) * work.out.size(2) * work.out.size(3);
  int64_t depth = std::min<int64_t>(panels.depth, depthOfBlock);
  int64_t tiles = std::clamp<int64_t>(floatsOfBlock / (depth * kernels.tileRows), 4, 32);
  int64_t block = tiles * kernels.tileRows, blocks = (pixels + block - 1) / block;
  // Where pixels are few, threads share the panels.
  int64_t threads = at::get_num_threads();
  int64_t groups = std::clamp<int64_t>((4 * threads + blocks - 1) / blocks, 1, threads == 1 ? 1 : panels.count);
  int64_t perGroup = (panels.count + groups - 1) / groups;
  ctorch::parallel(0, blocks * groups, 1, [&](int64_t from, int64_t to) {
    for (int64_t task = from; task < to; task++) {
      int64_t first = task / groups * block, panel = task % groups * perGroup;
      if (panel >= panels.count) continue;
      convolution.run(first, std::min(pixels, first + block), panel, std::min(panels.count, panel + perGroup));
    }
  });
}

} // namespace packed
