// Internal to CTorch: our own convolutions on a CPU.
//
// Maps are channels-last float32. For inference, weights are packed once and all that follows is fused: direct
// convolution sums over runs of memory that hold a kernel's row of pixels; 3x3 convolutions of stride 1 go through
// Winograd's F(4x4, 3x3) where that pays (Lavin & Gray 2016), in training too, with its transposes as gradients.
#pragma once

#include "shim.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace packed {

// A product of tileRows pixels and two vectors of output channels.
struct Tile {
  const float *const *pixels; // where each pixel's first tap starts
  int64_t taps, tapStride;    // a tap is a run of inputs
  int64_t run;
  const float *weights; // [taps * run, 2 * lanes]
  const float *bias;    // two vectors
  const float *residual; // added at the end; nullptr: nothing
  float *out;           // residual and out: [tileRows, outStride]
  int64_t outStride;
  float low, high;
  bool isFirst, isLast; // whether sums start from the bias or go on; whether the bounds apply
};

// A 4 x 4 part of the output, cut at the border.
struct Patch {
  const float *bias, *residual;
  float *out;
  int64_t rows, columns, rowStride, columnStride, channels;
  float low, high;
};

// Winograd's transforms work on whole vectors of channels. Of what a 6 x 6 tile has 36 of, number i lies i steps
// behind the first.
struct Kernels {
  int64_t lanes, tileRows;
  void (*multiply)(const Tile &tile);
  void (*transformInput)(const float *const *pixels, int64_t channels, float *out, int64_t step);
  void (*transformOutput)(const float *products, int64_t step, const Patch &patch);
  // 3 x 3 taps, tapStep apart, to 36 values.
  void (*transformFilter)(const float *taps, int64_t tapStep, int64_t channels, float *out, int64_t step);
  // The transposes of the last two: gradients of 4 x 4 pixels to 36 values, and 36 products to 3 x 3 taps.
  void (*transformGradient)(const float *const *pixels, int64_t channels, float *out, int64_t step);
  void (*transformProducts)(const float *products, int64_t step, int64_t channels, float *taps, int64_t tapStep);
};

// Those of this machine; nullptr where there are none.
const Kernels *kernels();

struct Geometry {
  int64_t inputs, outputs, kernel, stride, padding;
};

// Filters in panels of two vectors of outputs: [panels, taps * inputs, 2 * lanes], zeros behind the last output.
class Panels {
public:
  // rows: [depth, outputs], row-major.
  Panels(const at::Tensor &rows, const Kernels &kernels);
  // Panels that are made already: [count, depth, width].
  explicit Panels(at::Tensor panels)
      : count(panels.size(0)), depth(panels.size(1)), width(panels.size(2)), data(std::move(panels)),
        first(data.const_data_ptr<float>()) {}

  const float *panel(int64_t index) const { return first + index * depth * width; }
  int64_t count, depth, width;

private:
  at::Tensor data;
  const float *first; // asking a tensor for its memory costs as much as a small product
};

// A number for every output of the panels: the bias, and zeros behind it or where there is none.
at::Tensor panelBias(const at::Tensor &bias, int64_t outputs, const Kernels &kernels);

struct Work {
  const at::Tensor &x;        // [n, inputs, h, w], channels-last
  const float *residual;      // as out; nullptr: nothing
  const float *bias;          // [outputs rounded up to panels]
  at::Tensor &out;            // [n, outputs, h', w'], channels-last
  float low, high;
};

// [outputs, inputs, k, k] as rows for ``Panels``, in the order in which ``convolve`` reads pixels.
at::Tensor directRows(const at::Tensor &weight);
void convolve(const Work &work, const Panels &panels, const Geometry &geometry);

// How maps are cut into tiles of 4 x 4 pixels; a convolution reads a pixel more on each side.
struct Tiling {
  int64_t height, width, rows, columns, count;
  static constexpr int64_t side = 4, points = 36;

  explicit Tiling(const at::Tensor &map)
      : height(map.size(2)), width(map.size(3)), rows((height + side - 1) / side), columns((width + side - 1) / side),
        count(map.size(0) * rows * columns) {}

  // The pixels of a tile of a map, row by row, `extent` on a side and `margin` before the first; `zeros` outside.
  void gather(const float *map, int64_t channels, int64_t tile, int64_t margin, int64_t extent, const float *zeros,
              const float **pixels) const;
  int64_t row(int64_t tile) const { return tile / columns % rows * side; }
  int64_t column(int64_t tile) const { return tile % columns * side; }
  int64_t image(int64_t tile) const { return tile / (rows * columns); }
};

enum class Filters { forward, towardsInput };

// [outputs, inputs, 3, 3] → the 36 transformed filters; those towards the input are turned around, for its gradient.
std::vector<Panels> winogradPanels(const at::Tensor &weight, Filters direction, const Kernels &kernels);
// Whether a map has what repays the transforms, and the filters that are four times as large.
struct Break {
  int64_t channels, tiles; // the fewest
};
bool winogradPays(const Geometry &geometry, const at::Tensor &x, Break least);
void convolveWinograd(const Work &work, const std::vector<Panels> &panels);
// The gradient [outputs, inputs, 3, 3] of filters by what came in and the gradient of what went out.
at::Tensor winogradFilterGradient(const at::Tensor &x, const at::Tensor &gradient);

// Convolution with gradients, where our own kernels are the faster ones; nothing where libtorch's are.
std::optional<at::Tensor> trainableConvolution(const at::Tensor &x, const at::Tensor &weight,
                                               const std::optional<at::Tensor> &bias, const Geometry &geometry);

} // namespace packed
