// Convolutions and linear layers for inference: weights packed once, bias, sum and activation fused.
#ifndef CTORCH_INFERENCE_H
#define CTORCH_INFERENCE_H
#include "CTorch.h"
CT_BEGIN

typedef struct ct_convolution ct_convolution;

// Activations.
#define CT_NO_ACTIVATION 0
#define CT_RELU 1
#define CT_RELU6 2

// weight: [outputs, inputs / groups, k, k]; the weight and the bias (or NULL) are kept as they are now.
ct_status ct_convolution_make(const ct_tensor *weight, const ct_tensor *bias, intptr_t stride,
                              intptr_t padding, intptr_t dilation, intptr_t groups, intptr_t activation,
                              ct_convolution **out) CT_NOEXCEPT;
void ct_convolution_free(ct_convolution *convolution) CT_NOEXCEPT;
// activation(convolution(x) + residual); residual may be NULL. x: [n, inputs, h, w], or [n, inputs] for k = 1.
// Without gradients.
ct_status ct_convolution_run(ct_convolution *convolution, const ct_tensor *x, const ct_tensor *residual,
                             ct_tensor **out) CT_NOEXCEPT;

// The sum of the versions of all tensors: it rises whenever one of them is changed in place.
ct_status ct_versions(ct_tensor *const *tensors, intptr_t count, intptr_t *out) CT_NOEXCEPT;

CT_END
#endif
