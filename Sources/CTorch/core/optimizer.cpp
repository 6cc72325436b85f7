// The updates that optimizers make, over all parameters in one call.
#include "CTorchAutograd.h"
#include "shim.h"

#include <ATen/ops/_foreach_lerp.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/full.h>
#include <ATen/ops/stack.h>

#include <cmath>
#include <map>

using namespace ctorch;

namespace {
// Parameters that share a weight decay, with what belongs to each: libtorch's fused kernels take one
// decay a call. The lists run in the order of the parameters.
struct Group {
  std::vector<at::Tensor> parameters, gradients, momenta, squares;
};

std::map<double, Group> grouped(ct_tensor *const *parameters, const double *decays, intptr_t count,
                                ct_tensor *const *momenta, ct_tensor *const *squares = nullptr) {
  std::map<double, Group> groups;
  for (intptr_t i = 0; i < count; i++) {
    const at::Tensor &parameter = parameters[i]->value, &gradient = parameter.grad();
    if (!gradient.defined()) continue;
    Group &group = groups[decays[i]];
    group.parameters.push_back(parameter);
    // The fused kernels walk both memories in step, so the layouts must agree.
    bool alike = gradient.strides() == parameter.strides() && gradient.dtype() == parameter.dtype();
    group.gradients.push_back(alike ? gradient : at::empty_like(parameter).copy_(gradient));
    if (momenta != nullptr) group.momenta.push_back(momenta[i]->value);
    if (squares != nullptr) group.squares.push_back(squares[i]->value);
  }
  return groups;
}

// The fused kernels do not count their changes; plans for inference ask for the count.
void countChange(const std::vector<at::Tensor> &changed) {
  for (const at::Tensor &tensor : changed) tensor.unsafeGetTensorImpl()->bump_version();
}

std::optional<at::Tensor> divisor(const Group &group, double value) {
  if (value == 1) return std::nullopt;
  return at::full({}, value, group.parameters.front().options().dtype(at::kFloat).requires_grad(false));
}
} // namespace

extern "C" {
ct_status ct_gradient_norm(ct_tensor *const *parameters, intptr_t count, double *out) noexcept {
  return guard([&] {
    c10::AutoGradMode noGradient(false);
    std::vector<at::Tensor> gradients;
    for (intptr_t i = 0; i < count; i++) {
      const at::Tensor &gradient = parameters[i]->value.grad();
      if (gradient.defined()) gradients.push_back(gradient);
    }
    *out = gradients.empty() ? 0 : at::stack(at::_foreach_norm(gradients)).norm().item<double>();
  });
}

ct_status ct_sgd_step(ct_tensor *const *parameters, ct_tensor *const *momenta, const double *decays,
                      intptr_t count, double rate, double momentum,
                      double gradient_divisor) noexcept {
  return guard([&] {
    c10::AutoGradMode noGradient(false);
    // The fused kernel refuses momenta that it would not use.
    ct_tensor *const *kept = momentum == 0 ? nullptr : momenta;
    for (auto &[decay, group] : grouped(parameters, decays, count, kept)) {
      at::_fused_sgd_(group.parameters, group.gradients, group.momenta, decay, momentum, rate, 0, false,
                      false, false, divisor(group, gradient_divisor));
      countChange(group.parameters);
    }
  });
}

ct_status ct_adamw_step(ct_tensor *const *parameters, ct_tensor *const *momenta, ct_tensor *const *squares,
                        const double *decays, intptr_t count, ct_tensor *steps, double rate, double momentum,
                        double square_momentum, double epsilon, double gradient_divisor) noexcept {
  return guard([&] {
    c10::AutoGradMode noGradient(false);
    // The kernels read the count where the parameters lie, one for each of them.
    steps->value.add_(1);
    for (auto &[decay, group] : grouped(parameters, decays, count, momenta, squares)) {
      std::vector<at::Tensor> counts(group.parameters.size(), steps->value);
      at::_fused_adamw_(group.parameters, group.gradients, group.momenta, group.squares, {}, counts, rate, momentum,
                        square_momentum, decay, epsilon, false, false, divisor(group, gradient_divisor));
      countChange(group.parameters);
    }
  });
}

ct_status ct_move_averages(ct_tensor *const *averages, ct_tensor *const *parameters, intptr_t count,
                           double decay) noexcept {
  return guard([&] {
    c10::AutoGradMode noGradient(false);
    std::vector<at::Tensor> moved = tensors(averages, count);
    at::_foreach_lerp_(moved, tensors(parameters, count), at::Scalar(1 - decay));
    countChange(moved);
  });
}
}
