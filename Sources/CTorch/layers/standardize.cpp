// Weight standardisation with its own backward: one pass over each filter instead of a dozen operations.
#include "CTorchLayers.h"
#include "shim.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/rsqrt.h>

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

using namespace ctorch;

namespace {
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// y = (w - mean) * scale for each row, scale = 1 / sqrt(variance + epsilon); returns y and the scales.
std::pair<at::Tensor, at::Tensor> standardize(const at::Tensor &weight, double epsilon) {
  at::Tensor rows = weight.contiguous();
  int64_t filters = rows.size(0), length = rows.numel() / filters;
  at::Tensor result = at::empty_like(rows), scales = at::empty({filters}, rows.options());
  const float *source = rows.const_data_ptr<float>();
  float *target = result.mutable_data_ptr<float>(), *scale = scales.mutable_data_ptr<float>();
  for (int64_t row = 0; row < filters; row++, source += length, target += length) {
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < length; i++) sum += source[i];
    double mean = sum / static_cast<double>(length);
    for (int64_t i = 0; i < length; i++) {
      double offset = source[i] - mean;
      squares += offset * offset;
    }
    scale[row] = static_cast<float>(1 / std::sqrt(squares / static_cast<double>(length) + epsilon));
    for (int64_t i = 0; i < length; i++) target[i] = static_cast<float>(source[i] - mean) * scale[row];
  }
  return {result, scales};
}

// dw = (g - mean(g) - y * mean(g * y)) * scale
at::Tensor backward(const at::Tensor &gradient, const at::Tensor &y, const at::Tensor &scales) {
  at::Tensor g = gradient.contiguous();
  int64_t filters = y.size(0), length = y.numel() / filters;
  at::Tensor result = at::empty_like(y);
  const float *from = g.const_data_ptr<float>(), *standard = y.const_data_ptr<float>();
  const float *scale = scales.const_data_ptr<float>();
  float *target = result.mutable_data_ptr<float>();
  for (int64_t row = 0; row < filters; row++, from += length, standard += length, target += length) {
    double sum = 0, product = 0;
    for (int64_t i = 0; i < length; i++) {
      sum += from[i];
      product += static_cast<double>(from[i]) * standard[i];
    }
    float mean = static_cast<float>(sum / static_cast<double>(length));
    float along = static_cast<float>(product / static_cast<double>(length));
    for (int64_t i = 0; i < length; i++) target[i] = (from[i] - mean - standard[i] * along) * scale[row];
  }
  return result;
}

struct WeightStandardization : torch::autograd::Function<WeightStandardization> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &weight, double epsilon) {
    auto [result, scales] = standardize(weight, epsilon);
    context->save_for_backward({result, scales});
    return result;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    variable_list saved = context->get_saved_variables();
    return {::backward(gradients[0], saved[0], saved[1]), at::Tensor()};
  }
};

// The same in tensor operations, for other devices and element kinds.
at::Tensor composed(const at::Tensor &weight, double epsilon) {
  at::Tensor rows = weight.flatten(1);
  at::Tensor centred = rows - rows.mean(1, true);
  at::Tensor variance = centred.square().mean(1, true);
  return (centred * at::rsqrt(variance + epsilon)).view_as(weight);
}
} // namespace

extern "C" {
ct_status ct_weight_standardize(const ct_tensor *weight, double epsilon, ct_tensor **out) noexcept {
  return guard([&] {
    const at::Tensor &w = weight->value;
    TORCH_CHECK(w.dim() >= 2 && w.numel() > 0, "weights to standardise need filters in the first dimension, "
                "found the shape ", w.sizes());
    bool native = w.is_cpu() && w.scalar_type() == at::kFloat;
    *out = box(native ? WeightStandardization::apply(w, epsilon) : composed(w, epsilon));
  });
}
}
