// Gradients, and the updates that optimizers make.
#ifndef CTORCH_AUTOGRAD_H
#define CTORCH_AUTOGRAD_H
#include "CTorch.h"
CT_BEGIN

bool ct_requires_gradient(const ct_tensor *a) CT_NOEXCEPT;
ct_status ct_set_requires_gradient(ct_tensor *a, bool value) CT_NOEXCEPT;
// NULL in *out when no gradient has been accumulated.
ct_status ct_gradient(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_set_gradient(ct_tensor *a, const ct_tensor *gradient) CT_NOEXCEPT;
ct_status ct_backward(const ct_tensor *a, const ct_tensor *gradient) CT_NOEXCEPT;
ct_status ct_detach(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;
// The hook is called with its context and the index whenever a backward has added to the tensor's gradient, on the thread
// that computes. NULL takes it away.
typedef void (*ct_gradient_hook)(void *context, intptr_t index);
ct_status ct_set_gradient_hook(ct_tensor *a, ct_gradient_hook hook, void *context, intptr_t index) CT_NOEXCEPT;
// Sets the calling thread's mode and returns the one before.
bool ct_set_gradient_mode(bool enabled) CT_NOEXCEPT;
bool ct_gradient_mode(void) CT_NOEXCEPT;

// Drops the gradients of all the tensors.
ct_status ct_drop_gradients(ct_tensor *const *parameters, intptr_t count) CT_NOEXCEPT;
// The 2-norm over the gradients of all the tensors; those without a gradient count as zero.
ct_status ct_gradient_norm(ct_tensor *const *parameters, intptr_t count, double *out) CT_NOEXCEPT;
// One step of stochastic gradient descent on the tensors that have gradients, which are divided by
// gradient_divisor first. Momenta are written to; decays holds one weight decay for each tensor.
ct_status ct_sgd_step(ct_tensor *const *parameters, ct_tensor *const *momenta, const double *decays,
                      intptr_t count, double rate, double momentum,
                      double gradient_divisor) CT_NOEXCEPT;
// One step of AdamW (Loshchilov & Hutter 2019) on the tensors that have gradients, divided by gradient_divisor first.
// momenta and squares are written to; steps, a float32 number that lies where they do, is counted up.
ct_status ct_adamw_step(ct_tensor *const *parameters, ct_tensor *const *momenta, ct_tensor *const *squares,
                        const double *decays, intptr_t count, ct_tensor *steps, double rate, double momentum,
                        double square_momentum, double epsilon, double gradient_divisor) CT_NOEXCEPT;
// averages += (1 - decay) * (parameters - averages)
ct_status ct_move_averages(ct_tensor *const *averages, ct_tensor *const *parameters, intptr_t count,
                           double decay) CT_NOEXCEPT;

CT_END
#endif
