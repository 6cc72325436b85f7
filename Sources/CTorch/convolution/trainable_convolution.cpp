// Convolution with gradients on our own kernels.
#include "packed_convolution.h"

#include <ATen/TensorOperators.h>
#include <ATen/autocast_mode.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/sum.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>
#include <limits>

namespace packed {

namespace {
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// x [n, c, h, w] in float32 or bfloat16, with filters [outputs, c, 3, 3] that are padded by one pixel.
at::Tensor convolved(const at::Tensor &x, const at::Tensor &weight, Filters direction, const at::Tensor &bias) {
  constexpr float unbounded = std::numeric_limits<float>::infinity();
  const Kernels &kernels = *packed::kernels();
  int64_t outputs = weight.size(direction == Filters::forward ? 0 : 1);
  at::Tensor padded = panelBias(bias, outputs, kernels);
  at::Tensor out = at::empty({x.size(0), outputs, x.size(2), x.size(3)},
                             x.options().memory_format(at::MemoryFormat::ChannelsLast));
  const float *added = padded.const_data_ptr<float>();
  if (x.scalar_type() == at::kFloat) {
    convolveWinograd(Work<float>{x, nullptr, added, out, -unbounded, unbounded},
                     winogradPanels(weight, direction, kernels));
  } else {
    convolveWinograd(Work<c10::BFloat16>{x, nullptr, added, out, -unbounded, unbounded},
                     fixedPanels(weight, direction, kernels));
  }
  return out;
}

// From which sizes on our kernels are the faster ones (measured against oneDNN: float32 on AVX2, bfloat16 on AVX-512).
struct Breaks {
  Break maps, filters;
};
constexpr Breaks floats{{24, 48}, {16, 32}}, halves{{24, 48}, {48, 32}};

// Where maps are in bfloat16, parameters and their gradients are still in float32.
struct TrainableConvolution : torch::autograd::Function<TrainableConvolution> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &given, const at::Tensor &weight,
                            const std::optional<at::Tensor> &bias, bool mapsPay, bool filtersPay) {
    at::Tensor x = ctorch::channelsLast(given);
    context->save_for_backward({x, weight});
    context->saved_data["bias"] = bias.has_value();
    context->saved_data["maps"] = mapsPay;
    context->saved_data["filters"] = filtersPay;
    if (mapsPay) return convolved(x, weight, Filters::forward, bias.value_or(at::Tensor()));
    at::ScalarType kind = x.scalar_type();
    return at::conv2d(x, weight.to(kind), bias ? std::optional(bias->to(kind)) : std::nullopt, one, one);
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    variable_list saved = context->get_saved_variables();
    auto flag = [&](const char *name) { return context->saved_data[name].toBool(); };
    at::ScalarType kind = saved[0].scalar_type();
    at::Tensor g = ctorch::channelsLast(gradients[0].to(kind)), x, weight, bias;
    // A bias that is not there is no input.
    bool needsMap = context->needs_input_grad(0), needsFilters = context->needs_input_grad(1);
    if (flag("bias") && context->needs_input_grad(2)) bias = g.sum({0, 2, 3}, false, at::kFloat);
    if (needsMap && flag("maps")) x = convolved(g, saved[1], Filters::towardsInput, at::Tensor());
    if (needsFilters && flag("filters")) weight = winogradFilterGradient(saved[0], g);
    needsMap &= !x.defined();
    needsFilters &= !weight.defined();
    if (needsMap || needsFilters) {
      auto [map, filters, none] = at::convolution_backward(g, saved[0], saved[1].to(kind), std::nullopt, one, one, one,
                                                           false, {0, 0}, 1, {needsMap, needsFilters, false});
      if (needsMap) x = map;
      if (needsFilters) weight = filters.to(at::kFloat);
    }
    return {x, weight, bias, at::Tensor(), at::Tensor()};
  }

private:
  static constexpr std::array<int64_t, 2> one{1, 1};
};

bool isPlain(const at::Tensor &tensor) { return tensor.is_cpu() && tensor.scalar_type() == at::kFloat; }
} // namespace

std::optional<at::Tensor> trainableConvolution(const at::Tensor &given, const at::Tensor &weight,
                                               const std::optional<at::Tensor> &bias, const Geometry &geometry) {
  bool casts = at::autocast::is_autocast_enabled(at::kCPU);
  at::ScalarType kind = casts ? at::autocast::get_autocast_dtype(at::kCPU) : at::kFloat;
  // What the shapes must be is for libtorch to say.
  bool fits = kernels() != nullptr && given.dim() == 4 && weight.dim() == 4 && given.size(1) == weight.size(1) &&
              weight.size(2) == weight.size(3) && given.is_cpu() && isPlain(weight) && (!bias || isPlain(*bias));
  bool hasKernels = kind == at::kFloat || (kind == at::kBFloat16 && kernels()->fixedPoint != nullptr);
  bool comesInKind = given.scalar_type() == kind || (casts && given.scalar_type() == at::kFloat);
  if (!fits || !hasKernels || !comesInKind) return std::nullopt;
  // The gradients take whole vectors of channels on both sides.
  if (geometry.outputs % kernels()->lanes != 0) return std::nullopt;
  if (bias && (bias->dim() != 1 || bias->size(0) != weight.size(0))) return std::nullopt;
  const Breaks &breaks = kind == at::kFloat ? floats : halves;
  bool mapsPay = winogradPays(geometry, given, breaks.maps), filtersPay = winogradPays(geometry, given, breaks.filters);
  if (!mapsPay && !filtersPay) return std::nullopt;
  return TrainableConvolution::apply(given.to(kind), weight, bias, mapsPay, filtersPay);
}

} // namespace packed
