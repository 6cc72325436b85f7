// Gradients.
#include "CTorchAutograd.h"
#include "shim.h"

#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <cmath>

using namespace ctorch;

namespace {
struct GradientHook : torch::autograd::PostAccumulateGradHook {
  ct_gradient_hook hook;
  void *context;
  intptr_t index;
  GradientHook(ct_gradient_hook hook, void *context, intptr_t index) : hook(hook), context(context), index(index) {}
  void operator()(const at::Tensor &) override { hook(context, index); }
};
} // namespace

extern "C" {
bool ct_requires_gradient(const ct_tensor *a) noexcept { return a->value.requires_grad(); }

ct_status ct_set_requires_gradient(ct_tensor *a, bool value) noexcept {
  return guard([&] { a->value.requires_grad_(value); });
}

ct_status ct_gradient(const ct_tensor *a, ct_tensor **out) noexcept {
  return guard([&] {
    const at::Tensor &gradient = a->value.grad();
    *out = gradient.defined() ? box(gradient) : nullptr;
  });
}

ct_status ct_set_gradient(ct_tensor *a, const ct_tensor *gradient) noexcept {
  return guard([&] { a->value.mutable_grad() = gradient == nullptr ? at::Tensor() : gradient->value; });
}

ct_status ct_set_gradient_hook(ct_tensor *a, ct_gradient_hook hook, void *context, intptr_t index) noexcept {
  return guard([&] {
    std::unique_ptr<torch::autograd::PostAccumulateGradHook> own;
    if (hook != nullptr) own = std::make_unique<GradientHook>(hook, context, index);
    torch::autograd::impl::set_post_acc_grad_hooks(a->value, std::move(own));
  });
}

ct_status ct_backward(const ct_tensor *a, const ct_tensor *gradient) noexcept {
  return guard([&] { a->value.backward(gradient == nullptr ? at::Tensor() : gradient->value); });
}

ct_status ct_detach(const ct_tensor *a, ct_tensor **out) noexcept {
  return guard([&] { *out = box(a->value.detach()); });
}

bool ct_set_gradient_mode(bool enabled) noexcept {
  bool before = c10::GradMode::is_enabled();
  c10::GradMode::set_enabled(enabled);
  return before;
}

bool ct_gradient_mode(void) noexcept { return c10::GradMode::is_enabled(); }

ct_status ct_drop_gradients(ct_tensor *const *parameters, intptr_t count) noexcept {
  return guard([&] {
    for (intptr_t i = 0; i < count; i++) parameters[i]->value.mutable_grad() = at::Tensor();
  });
}
}
