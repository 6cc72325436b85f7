// What layers are made of: convolution, pooling, resampling, normalisation, losses.
#include "CTorchLayers.h"
#include "packed_convolution.h"

#include <ATen/ops/batch_norm.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/smooth_l1_loss.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/upsample_nearest2d.h>

#include <array>

using namespace ctorch;

extern "C" {
ct_status ct_conv2d(const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, intptr_t stride,
                    intptr_t padding, intptr_t dilation, intptr_t groups, ct_tensor **out) noexcept {
  return guard([&] {
    std::optional<at::Tensor> own;
    if (groups == 1 && dilation == 1 && weight->value.dim() == 4) {
      const at::Tensor &w = weight->value;
      own = packed::trainableConvolution(x->value, w, optional(bias),
                                         {w.size(1), w.size(0), w.size(2), stride, padding});
    }
    *out = box(own ? *own
                   : at::conv2d(x->value, weight->value, optional(bias), {stride, stride}, {padding, padding},
                                {dilation, dilation}, groups));
  });
}

ct_status ct_conv_transpose2d(const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias,
                              intptr_t stride, intptr_t padding, ct_tensor **out) noexcept {
  return guard([&] {
    *out = box(at::conv_transpose2d(x->value, weight->value, optional(bias), {stride, stride},
                                    {padding, padding}));
  });
}

ct_status ct_linear(const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias,
                    ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::linear(x->value, weight->value, optional(bias))); });
}

ct_status ct_max_pool2d(const ct_tensor *x, intptr_t kernel, intptr_t stride, intptr_t padding,
                        ct_tensor **out) noexcept {
  return guard([&] {
    *out = box(at::max_pool2d(x->value, {kernel, kernel}, {stride, stride}, {padding, padding}));
  });
}

ct_status ct_upsample(const ct_tensor *x, intptr_t height, intptr_t width, bool bilinear,
                      ct_tensor **out) noexcept {
  return guard([&] {
    // An array of its own: an IntArrayRef of a braced list would outlive the list.
    const std::array<int64_t, 2> size{height, width};
    *out = box(bilinear ? at::upsample_bilinear2d(x->value, size, false)
                        : at::upsample_nearest2d(x->value, size));
  });
}

ct_status ct_batch_norm(const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias,
                        const ct_tensor *mean, const ct_tensor *variance, bool training, double momentum,
                        double epsilon, ct_tensor **out) noexcept {
  return guard([&] {
    *out = box(at::batch_norm(x->value, optional(weight), optional(bias), optional(mean),
                              optional(variance), training, momentum, epsilon, false));
  });
}

ct_status ct_bce_with_logits(const ct_tensor *x, const ct_tensor *target, const ct_tensor *weight,
                             intptr_t reduction, ct_tensor **out) noexcept {
  return guard([&] {
    *out = box(at::binary_cross_entropy_with_logits(x->value, target->value, optional(weight),
                                                    std::nullopt, reduction));
  });
}

ct_status ct_smooth_l1(const ct_tensor *x, const ct_tensor *target, double beta, intptr_t reduction,
                       ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::smooth_l1_loss(x->value, target->value, reduction, beta)); });
}

ct_status ct_cross_entropy(const ct_tensor *x, const ct_tensor *target, intptr_t ignored,
                           double smoothing, intptr_t reduction, ct_tensor **out) noexcept {
  return guard([&] {
    *out = box(at::cross_entropy_loss(x->value, target->value, std::nullopt, reduction, ignored, smoothing));
  });
}
}
