// Internal to CTorch: our own convolutions on a CPU.
//
// Maps are channels-last. For inference, weights are packed once and all that follows is fused: direct
// convolution sums over runs of memory that hold a kernel's row of pixels; 3x3 convolutions of stride 1 go through
// Winograd's F(4x4, 3x3) where that pays (Lavin & Gray 2016), in training too, with its transposes as gradients.
// All this in float32. For maps in bfloat16 Winograd's products are taken in fixed point: transformed values have
// other sizes than pixels, in bfloat16 their eight digits would leave 2 % of error, and 16-bit whole numbers leave the
// 0.2 % that bfloat16 has by itself, at the same speed.
#pragma once

#include "shim.h"

#include <c10/util/BFloat16.h>

#include <cstdint>
#include <optional>
#include <type_traits>
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

// A product of rows of whole numbers and two vectors of columns: units * sums. Number k of a row stands beside number
// k + 1 where k is even, and of a column too; such pairs are pairStride apart in a row.
struct FixedTile {
  const int16_t *rows; // rowStride from one to the next
  int64_t rowStride, pairStride, pairs;
  const int16_t *columns; // [pairs, 2 * lanes, 2]
  const float *rowUnits, *columnUnits;
  float *out; // [rows, outStride]
  int64_t outStride;
};

// A part of a matrix of floats: up to 2 * lanes columns, whole vectors of them.
struct FloatPanel {
  const float *rows; // rowStride from one to the next
  int64_t rowStride, depth, columns;
};

// Which factor of a product numbers are for.
enum class FixedSide { rows, columns };

// A 4 x 4 part of the output, cut at the border.
template <class Element> struct Patch {
  const float *bias;
  const Element *residual;
  Element *out;
  int64_t rows, columns, rowStride, columnStride, channels;
  float low, high;
};

// Winograd's transforms work on whole vectors of channels. Of what a 6 x 6 tile has 36 of, number i lies i steps
// behind the first.
template <class Element> struct Transforms {
  void (*input)(const Element *const *pixels, int64_t channels, float *out, int64_t step);
  void (*output)(const float *products, int64_t step, const Patch<Element> &patch);
  // The transpose of the output's: gradients of 4 x 4 pixels to 36 values.
  void (*gradient)(const Element *const *pixels, int64_t channels, float *out, int64_t step);
};

struct FixedPoint {
  // tileRows rows; out = the products.
  void (*multiply)(const FixedTile &tile);
  // 8 rows; out += the products.
  void (*addProducts)(const FixedTile &tile);
  static constexpr int64_t addedRows = 8;
  // A row as whole numbers, count a multiple of lanes; the result is their unit.
  float (*quantizeRow)(const float *values, int64_t count, int16_t *out);
  // A panel of even depth as [depth / 2, 2 * lanes, 2], zeros behind its last column, and a unit for each column.
  void (*quantizePanel)(const FloatPanel &panel, FixedSide side, int16_t *out, float *units);
};

struct Kernels {
  int64_t lanes, tileRows;
  void (*multiply)(const Tile &tile);
  // 3 x 3 taps, tapStep apart, to 36 values.
  void (*transformFilter)(const float *taps, int64_t tapStep, int64_t channels, float *out, int64_t step);
  // The transpose: 36 products to 3 x 3 taps.
  void (*transformProducts)(const float *products, int64_t step, int64_t channels, float *taps, int64_t tapStep);
  Transforms<float> floats;
  Transforms<c10::BFloat16> halves;
  const FixedPoint *fixedPoint; // nullptr: the processor has no such products

  template <class Element> const Transforms<Element> &transforms() const {
    if constexpr (std::is_same_v<Element, float>) return floats;
    else return halves;
  }
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

template <class Element> struct Work {
  const at::Tensor &x;     // [n, inputs, h, w], channels-last
  const Element *residual; // as out; nullptr: nothing
  const float *bias;       // [outputs rounded up to panels]
  at::Tensor &out;         // [n, outputs, h', w'], channels-last
  float low, high;
};

// [outputs, inputs, k, k] as rows for ``Panels``, in the order in which ``convolve`` reads pixels.
at::Tensor directRows(const at::Tensor &weight);
void convolve(const Work<float> &work, const Panels &panels, const Geometry &geometry);

// How maps are cut into tiles of 4 x 4 pixels; a convolution reads a pixel more on each side.
struct Tiling {
  int64_t height, width, rows, columns, count;
  static constexpr int64_t side = 4, points = 36;

  explicit Tiling(const at::Tensor &map)
      : height(map.size(2)), width(map.size(3)), rows((height + side - 1) / side), columns((width + side - 1) / side),
        count(map.size(0) * rows * columns) {}

  // The pixels of a tile of a map, row by row, `extent` on a side and `margin` before the first; `zeros` outside.
  template <class Element>
  void gather(const Element *map, int64_t channels, int64_t tile, int64_t margin, int64_t extent, const Element *zeros,
              const Element **pixels) const {
    int64_t left = column(tile) - margin, top = row(tile) - margin;
    const Element *corner = map + ((image(tile) * height + top) * width + left) * channels;
    bool isInside = top >= 0 && left >= 0 && top + extent <= height && left + extent <= width;
    for (int64_t i = 0; i < extent; i++) {
      for (int64_t j = 0; j < extent; j++) {
        int64_t y = top + i, x = left + j;
        bool has = isInside || (y >= 0 && y < height && x >= 0 && x < width);
        pixels[extent * i + j] = has ? corner + (i * width + j) * channels : zeros;
      }
    }
  }
  int64_t row(int64_t tile) const { return tile / columns % rows * side; }
  int64_t column(int64_t tile) const { return tile % columns * side; }
  int64_t image(int64_t tile) const { return tile / (rows * columns); }
};

enum class Filters { forward, towardsInput };

// Winograd's filters as whole numbers, for maps in bfloat16.
struct FixedPanels {
  at::Tensor values; // [36, count, depth / 2, width, 2]
  at::Tensor units;  // [36, count * width]
  int64_t count, depth, width;

  const int16_t *panel(int64_t point, int64_t index) const {
    return values.const_data_ptr<int16_t>() + (point * count + index) * depth * width;
  }
  const float *columnUnits(int64_t point) const { return units.const_data_ptr<float>() + point * count * width; }
};

// [outputs, inputs, 3, 3] → the 36 transformed filters; those towards the input are turned around, for its gradient.
std::vector<Panels> winogradPanels(const at::Tensor &weight, Filters direction, const Kernels &kernels);
FixedPanels fixedPanels(const at::Tensor &weight, Filters direction, const Kernels &kernels);

// Whether a map has what repays the transforms, and the filters that are four times as large.
struct Break {
  int64_t channels, tiles; // the fewest
};
bool winogradPays(const Geometry &geometry, const at::Tensor &x, Break least);
void convolveWinograd(const Work<float> &work, const std::vector<Panels> &panels);
void convolveWinograd(const Work<c10::BFloat16> &work, const FixedPanels &panels);
// The gradient [outputs, inputs, 3, 3] in float32 of filters by what came in and the gradient of what went out, both
// float32 or both bfloat16.
at::Tensor winogradFilterGradient(const at::Tensor &x, const at::Tensor &gradient);

// Convolution with gradients, where our own kernels are the faster ones; nothing where libtorch's are.
std::optional<at::Tensor> trainableConvolution(const at::Tensor &x, const at::Tensor &weight,
                                               const std::optional<at::Tensor> &bias, const Geometry &geometry);

} // namespace packed
