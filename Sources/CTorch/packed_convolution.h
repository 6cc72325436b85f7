// Internal to CTorch: convolution for inference on a CPU, with weights packed once and all that follows it fused.
//
// Maps are channels-last float32. Direct convolution sums over runs of memory that hold a kernel's row of
// pixels; 3x3 convolutions of stride 1 go through Winograd's F(4x4, 3x3) where that pays.
#pragma once

#include "shim.h"

#include <cstdint>
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

struct Kernels {
  int64_t lanes, tileRows;
  void (*multiply)(const Tile &tile);
  void (*transformInput)(const float *const *pixels, int64_t channels, float *out, int64_t step);
  void (*transformOutput)(const float *products, int64_t step, const Patch &patch);
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

  const float *panel(int64_t index) const { return data.const_data_ptr<float>() + index * depth * width; }
  int64_t count, depth, width;

private:
  at::Tensor data;
};

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

// [outputs, inputs, 3, 3] → the 36 transformed filters.
std::vector<Panels> winogradPanels(const at::Tensor &weight, const Kernels &kernels);
bool winogradPays(const Geometry &geometry, int64_t images, int64_t height, int64_t width);
void convolveWinograd(const Work &work, const std::vector<Panels> &panels);

} // namespace packed
