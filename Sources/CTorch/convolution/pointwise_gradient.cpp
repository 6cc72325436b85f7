// The gradient of 1x1 filters in bfloat16, and of those with a stride in float32, in place of libtorch's on every path.
//
// oneDNN's (3.12, in libtorch 2.13) writes behind its buffers, for example with 8 inputs, 16 outputs, stride 2, 16 x 16
// pixels, channels-last, and two threads. Here the gradient is one product of two matrices, as fast or faster. It
// stands in the dispatcher, below autograd and autocast, so that no convolution of this process goes round it. See
// Docs/ARCHITECTURE.md.
#include "shim.h"

#include <ATen/ops/bmm.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/convolution_backward_compositeexplicitautograd_dispatch.h>
#include <ATen/ops/mm.h>
#include <torch/library.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

namespace {
using Gradients = std::tuple<at::Tensor, at::Tensor, at::Tensor>;

// A number for every spatial dimension; one number stands for all.
int64_t along(at::IntArrayRef values, int64_t dimension) {
  return values.size() == 1 ? values[0] : values[static_cast<size_t>(dimension)];
}

// [n, c, spatial…] → [pixels, c]; a view where channels lie side by side.
at::Tensor pixelRows(const at::Tensor &map) { return map.movedim(1, -1).reshape({-1, map.size(1)}); }

// Those pixels of the larger map that a 1x1 convolution pairs with the pixels of the smaller one.
at::Tensor paired(at::Tensor large, const at::Tensor &small, at::IntArrayRef stride, at::IntArrayRef padding) {
  int64_t spatial = large.dim() - 2;
  if (std::any_of(padding.begin(), padding.end(), [](int64_t width) { return width != 0; })) {
    std::vector<int64_t> widths; // the last dimension comes first
    for (int64_t i = spatial - 1; i >= 0; i--) widths.insert(widths.end(), 2, along(padding, i));
    large = at::constant_pad_nd(large, widths);
  }
  for (int64_t i = 0; i < spatial; i++) {
    int64_t step = along(stride, i), count = small.size(i + 2);
    if (step != 1 || large.size(i + 2) != count) large = large.slice(i + 2, 0, (count - 1) * step + 1, step);
  }
  return large;
}

// [channels of small, channels of large / groups, 1, …]: for each pair of channels a sum over all pixels.
at::Tensor filterGradient(const at::Tensor &small, const at::Tensor &large, const at::Tensor &weight, int64_t groups) {
  at::Tensor a = pixelRows(small), b = pixelRows(large);
  if (groups == 1) return at::mm(a.t(), b).view(weight.sizes());
  auto split = [&](const at::Tensor &rows) { return rows.view({rows.size(0), groups, -1}); };
  return at::bmm(split(a).permute({1, 2, 0}), split(b).transpose(0, 1)).view(weight.sizes());
}

bool isPointwise(const at::Tensor &weight) {
  at::IntArrayRef sizes = weight.sizes();
  return sizes.size() > 2 && std::all_of(sizes.begin() + 2, sizes.end(), [](int64_t size) { return size == 1; });
}

bool isFaultyInLibtorch(const at::Tensor &weight, at::IntArrayRef stride) {
  if (!isPointwise(weight)) return false;
  bool strides = std::any_of(stride.begin(), stride.end(), [](int64_t step) { return step != 1; });
  return weight.scalar_type() == at::kBFloat16 || (weight.scalar_type() == at::kFloat && strides);
}

Gradients convolutionBackward(const at::Tensor &gradient, const at::Tensor &x, const at::Tensor &weight,
                              at::OptionalIntArrayRef bias, at::IntArrayRef stride, at::IntArrayRef padding,
                              at::IntArrayRef dilation, bool transposed, at::IntArrayRef outputPadding, int64_t groups,
                              std::array<bool, 3> wanted) {
  auto libtorch = [&](std::array<bool, 3> parts) {
    return at::compositeexplicitautograd::convolution_backward(gradient, x, weight, bias, stride, padding, dilation,
                                                               transposed, outputPadding, groups, parts);
  };
  bool hasPixels = gradient.numel() > 0 && x.numel() > 0;
  if (!hasPixels || !isFaultyInLibtorch(weight, stride)) return libtorch(wanted);
  Gradients result;
  if (wanted[0]) result = libtorch({true, false, false});
  if (wanted[1]) {
    const at::Tensor &small = transposed ? x : gradient, &large = transposed ? gradient : x;
    std::get<1>(result) = filterGradient(small, paired(large, small, stride, padding), weight, groups);
  }
  // libtorch would have this sum from the very primitive that is kept away from here.
  if (wanted[2]) std::get<2>(result) = pixelRows(gradient).sum(0);
  return result;
}
} // namespace

TORCH_LIBRARY_IMPL(aten, CPU, library) { library.impl("convolution_backward", TORCH_FN(convolutionBackward)); }
