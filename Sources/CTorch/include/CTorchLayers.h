// What layers are made of: convolution, pooling, resampling, normalisation, losses.
#ifndef CTORCH_LAYERS_H
#define CTORCH_LAYERS_H
#include "CTorch.h"
CT_BEGIN

ct_status ct_conv2d(const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, intptr_t stride,
                    intptr_t padding, intptr_t dilation, intptr_t groups, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_conv_transpose2d(const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias,
                              intptr_t stride, intptr_t padding, ct_tensor **out) CT_NOEXCEPT;
// offsets [n, 2 d k k, h', w'] move every tap of each of d groups of channels, y before x. CPU.
ct_status ct_deform_conv2d(const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias,
                           const ct_tensor *offsets, intptr_t stride, intptr_t padding, intptr_t dilation,
                           ct_tensor **out) CT_NOEXCEPT;
ct_status ct_linear(const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias,
                    ct_tensor **out) CT_NOEXCEPT;
ct_status ct_max_pool2d(const ct_tensor *x, intptr_t kernel, intptr_t stride, intptr_t padding,
                        ct_tensor **out) CT_NOEXCEPT;
ct_status ct_upsample(const ct_tensor *x, intptr_t height, intptr_t width, bool bilinear,
                      ct_tensor **out) CT_NOEXCEPT;

// In training the running statistics are written to.
ct_status ct_batch_norm(const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias,
                        const ct_tensor *mean, const ct_tensor *variance, bool training, double momentum,
                        double epsilon, ct_tensor **out) CT_NOEXCEPT;
// relu(group norm(x) + residual); the residual may be NULL, and without `relu` the sum comes out as it is.
ct_status ct_group_norm(const ct_tensor *x, intptr_t groups, const ct_tensor *weight, const ct_tensor *bias,
                        double epsilon, const ct_tensor *residual, bool relu, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_weight_standardize(const ct_tensor *weight, double epsilon, ct_tensor **out) CT_NOEXCEPT;

// Losses. reduction: 0 none, 1 mean, 2 sum.
ct_status ct_bce_with_logits(const ct_tensor *x, const ct_tensor *target, const ct_tensor *weight,
                             intptr_t reduction, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_smooth_l1(const ct_tensor *x, const ct_tensor *target, double beta, intptr_t reduction,
                       ct_tensor **out) CT_NOEXCEPT;
ct_status ct_cross_entropy(const ct_tensor *x, const ct_tensor *target, intptr_t ignored,
                           double smoothing, intptr_t reduction, ct_tensor **out) CT_NOEXCEPT;

CT_END
#endif
