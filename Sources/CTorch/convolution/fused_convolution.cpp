// Which kernel a convolution for inference runs on: our own where there is one (in bfloat16 for 3x3), oneDNN's fused ones
// for the others in bfloat16 and for groups, and libtorch's operations everywhere else.
#include "CTorchInference.h"
#include "CTorchSystem.h"
#include "packed_convolution.h"

#include <ATen/Config.h>
#include <ATen/Context.h>
#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>

#include <limits>
#include <optional>

using namespace ctorch;

struct ct_convolution {
  at::Tensor weight, bias;
  packed::Geometry geometry;
  int64_t dilation, groups, activation;

  // Made at the first run that needs them.
  std::optional<packed::Panels> panels;
  std::vector<packed::Panels> winograd;
  std::optional<packed::FixedPanels> fixedWinograd;
  at::Tensor panelBias;
  at::Tensor reordered; // for oneDNN
};

namespace {

constexpr float unbounded = std::numeric_limits<float>::infinity();
constexpr packed::Break fewest{32, 48}; // from which Winograd is the faster, with filters that are made once

at::Tensor flat(const at::Tensor &x) { return x.dim() == 2 ? x.unsqueeze(2).unsqueeze(3) : x; }

bool runsNatively(const ct_convolution &c, const at::Tensor &x) {
  return packed::kernels() != nullptr && x.is_cpu() && x.scalar_type() == at::kFloat &&
         c.weight.scalar_type() == at::kFloat && c.groups == 1 && (c.dilation == 1 || c.geometry.kernel == 1);
}

at::Tensor emptyResult(const ct_convolution &c, const at::Tensor &x) {
  auto side = [&](int64_t size) {
    return (size + 2 * c.geometry.padding - c.geometry.kernel) / c.geometry.stride + 1;
  };
  int64_t height = side(x.size(2)), width = side(x.size(3));
  TORCH_CHECK(height > 0 && width > 0, "a map of ", x.size(2), " x ", x.size(3), " is smaller than the kernel of ",
              c.geometry.kernel);
  return at::empty({x.size(0), c.geometry.outputs, height, width},
                   x.options().memory_format(at::MemoryFormat::ChannelsLast));
}

// In bfloat16 those alone of which Winograd's products are worth it.
bool runsInFixedPoint(const ct_convolution &c, const at::Tensor &x) {
  return packed::kernels() != nullptr && packed::kernels()->fixedPoint != nullptr && x.is_cpu() &&
         x.scalar_type() == at::kBFloat16 && c.groups == 1 && c.dilation == 1 &&
         packed::winogradPays(c.geometry, x, fewest);
}

// convolve(work) with what a kernel of ours works on.
template <class Element, class Convolve>
at::Tensor own(ct_convolution &c, const at::Tensor &given, const at::Tensor &residual, Convolve convolve) {
  at::Tensor x = channelsLast(given), out = emptyResult(c, x);
  TORCH_CHECK(!residual.defined() || residual.sizes() == out.sizes(), "a residual of ", residual.sizes(),
              " cannot be added to ", out.sizes());
  at::Tensor added = residual.defined() ? channelsLast(residual.to(x.scalar_type())) : residual;
  if (!c.panelBias.defined()) c.panelBias = packed::panelBias(c.bias, c.geometry.outputs, *packed::kernels());
  packed::Work<Element> work{x, added.defined() ? added.const_data_ptr<Element>() : nullptr,
                             c.panelBias.const_data_ptr<float>(), out,
                             c.activation == CT_NO_ACTIVATION ? -unbounded : 0,
                             c.activation == CT_RELU6 ? 6 : unbounded};
  if (out.numel() > 0) convolve(work);
  return out;
}

at::Tensor native(ct_convolution &c, const at::Tensor &x, const at::Tensor &residual) {
  const packed::Kernels &kernels = *packed::kernels();
  return own<float>(c, x, residual, [&](const packed::Work<float> &work) {
    if (packed::winogradPays(c.geometry, x, fewest)) {
      if (c.winograd.empty()) c.winograd = packed::winogradPanels(c.weight, packed::Filters::forward, kernels);
      packed::convolveWinograd(work, c.winograd);
    } else {
      if (!c.panels) c.panels.emplace(packed::directRows(c.weight), kernels);
      packed::convolve(work, *c.panels, c.geometry);
    }
  });
}

at::Tensor fixedPoint(ct_convolution &c, const at::Tensor &x, const at::Tensor &residual) {
  return own<c10::BFloat16>(c, x, residual, [&](const packed::Work<c10::BFloat16> &work) {
    if (!c.fixedWinograd) {
      c.fixedWinograd = packed::fixedPanels(c.weight, packed::Filters::forward, *packed::kernels());
    }
    packed::convolveWinograd(work, *c.fixedWinograd);
  });
}

std::optional<at::Tensor> bias(const ct_convolution &c) {
  return c.bias.defined() ? std::optional(c.bias) : std::nullopt;
}

using Scalars = c10::List<std::optional<at::Scalar>>;

// oneDNN's fused convolutions are reachable through the dispatcher only.
at::Tensor fused(ct_convolution &c, const at::Tensor &x, const at::Tensor &residual) {
  using Reorder = at::Tensor(const at::Tensor &, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, int64_t,
                             at::OptionalIntArrayRef);
  using Unary = at::Tensor(const at::Tensor &, const at::Tensor &, const std::optional<at::Tensor> &, at::IntArrayRef,
                           at::IntArrayRef, at::IntArrayRef, int64_t, std::string_view, Scalars,
                           std::optional<std::string_view>);
  using Binary = at::Tensor(const at::Tensor &, const at::Tensor &, const at::Tensor &,
                            const std::optional<at::Tensor> &, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef,
                            int64_t, std::string_view, std::optional<at::Scalar>, std::optional<std::string_view>,
                            Scalars, std::optional<std::string_view>);
  static auto unary =
      c10::Dispatcher::singleton().findSchemaOrThrow("mkldnn::_convolution_pointwise", "").typed<Unary>();
  static auto binary =
      c10::Dispatcher::singleton().findSchemaOrThrow("mkldnn::_convolution_pointwise", "binary").typed<Binary>();
  static auto reorder =
      c10::Dispatcher::singleton().findSchemaOrThrow("mkldnn::_reorder_convolution_weight", "").typed<Reorder>();
  std::vector<int64_t> padding(2, c.geometry.padding), stride(2, c.geometry.stride), dilation(2, c.dilation);
  if (!c.reordered.defined()) c.reordered = reorder.call(c.weight, padding, stride, dilation, c.groups, x.sizes());
  Scalars scalars;
  if (residual.defined()) {
    std::optional<std::string_view> relu;
    if (c.activation == CT_RELU) relu = "relu";
    return binary.call(x, residual, c.reordered, bias(c), padding, stride, dilation, c.groups, "add", at::Scalar(1.0), relu,
                       scalars, std::nullopt);
  }
  if (c.activation == CT_RELU6) {
    scalars.push_back(at::Scalar(0.0));
    scalars.push_back(at::Scalar(6.0));
  }
  const char *names[] = {"none", "relu", "hardtanh"};
  return unary.call(x, c.reordered, bias(c), padding, stride, dilation, c.groups, names[c.activation], scalars, std::nullopt);
}

at::Tensor finished(const ct_convolution &c, at::Tensor y, const at::Tensor &residual) {
  if (residual.defined()) y.add_(residual);
  if (c.activation == CT_RELU) y.relu_();
  if (c.activation == CT_RELU6) y.clamp_(0, 6);
  return y;
}

// Maps of one pixel: a product of two matrices, which oneDNN does three to eight times as fast as a convolution
// (1,000 rows of 12,544, Zen 4).
at::Tensor product(const ct_convolution &c, const at::Tensor &x, const at::Tensor &residual) {
  at::Tensor y = at::linear(x.flatten(1), c.weight.flatten(1), bias(c));
  return finished(c, y.unsqueeze(2).unsqueeze(3), residual);
}

at::Tensor plain(const ct_convolution &c, const at::Tensor &x, const at::Tensor &residual) {
  int64_t p = c.geometry.padding, s = c.geometry.stride;
  at::Tensor y = at::conv2d(x, c.weight, bias(c), {s, s}, {p, p}, {c.dilation, c.dilation}, c.groups);
  return finished(c, y, residual);
}

at::Tensor run(ct_convolution &c, const at::Tensor &given, const at::Tensor &residual) {
  at::Tensor x = given.scalar_type() == c.weight.scalar_type() ? given : given.to(c.weight.scalar_type());
  if (runsNatively(c, x)) return native(c, x, residual);
  if (runsInFixedPoint(c, x)) return fixedPoint(c, x, residual);
  bool isHalf = x.scalar_type() == at::kBFloat16;
  bool isProduct = c.geometry.kernel == 1 && c.geometry.padding == 0 && c.groups == 1 && x.size(2) * x.size(3) == 1;
  if (isHalf && isProduct) return product(c, x, residual);
  bool isKnown = x.scalar_type() == at::kFloat || (isHalf && ct_computes_bfloat16());
  bool hasOneDNN = x.is_cpu() && at::hasMKLDNN() && x.numel() > 0 && isKnown;
  bool fits = !residual.defined() || (residual.scalar_type() == x.scalar_type() && c.activation != CT_RELU6);
  return hasOneDNN && fits ? fused(c, channelsLast(x), residual) : plain(c, x, residual);
}

} // namespace

extern "C" {
ct_status ct_convolution_make(const ct_tensor *weight, const ct_tensor *bias, intptr_t stride, intptr_t padding,
                              intptr_t dilation, intptr_t groups, intptr_t activation,
                              ct_convolution **out) noexcept {
  return guard([&] {
    at::Tensor w = weight->value.detach();
    TORCH_CHECK(w.dim() == 4 && w.size(2) == w.size(3), "filters are [outputs, inputs, k, k], not ", w.sizes());
    at::Tensor b = bias == nullptr ? at::Tensor() : bias->value.detach();
    *out = new ct_convolution{w, b, {w.size(1) * groups, w.size(0), w.size(2), stride, padding}, dilation, groups,
                              activation, std::nullopt, {}, std::nullopt, {}, {}};
  });
}

void ct_convolution_free(ct_convolution *convolution) noexcept { delete convolution; }

ct_status ct_convolution_run(ct_convolution *convolution, const ct_tensor *x, const ct_tensor *residual,
                             ct_tensor **out) noexcept {
  return guard([&] {
    c10::AutoGradMode noGradient(false);
    const at::Tensor &given = x->value;
    TORCH_CHECK((given.dim() == 4 || given.dim() == 2) && given.size(1) == convolution->geometry.inputs,
                "the layer takes [n, ", convolution->geometry.inputs, ", h, w], not ", given.sizes());
    at::Tensor added = residual == nullptr ? at::Tensor() : residual->value;
    at::Tensor y = run(*convolution, flat(given), added);
    *out = box(given.dim() == 2 ? y.flatten(1) : y);
  });
}

ct_status ct_versions(ct_tensor *const *tensors, intptr_t count, intptr_t *out) noexcept {
  return guard([&] {
    *out = 0;
    for (intptr_t i = 0; i < count; i++) *out += static_cast<intptr_t>(tensors[i]->value._version());
  });
}
}
