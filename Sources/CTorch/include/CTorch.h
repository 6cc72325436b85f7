// The C face of libtorch: handles, errors, and what a tensor says about itself.
//
// Every function returns a status and never throws; on failure ct_last_error() holds libtorch's message
// for the calling thread. Handles that come out belong to the caller (ct_free); handles that go in are
// borrowed. An optional tensor is NULL. Lists are a pointer and a count.
#ifndef CTORCH_H
#define CTORCH_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
#define CT_BEGIN extern "C" {
#define CT_END }
#define CT_NOEXCEPT noexcept
#else
#define CT_BEGIN
#define CT_END
#define CT_NOEXCEPT
#endif

CT_BEGIN

typedef struct ct_tensor ct_tensor;
typedef intptr_t ct_status;

// Statuses.
#define CT_OK 0
#define CT_FAILED 1
#define CT_OUT_OF_MEMORY 2

// Element kinds, as DType in DetTensor numbers them.
#define CT_FLOAT32 0
#define CT_BFLOAT16 1
#define CT_FLOAT16 2
#define CT_FLOAT64 3
#define CT_INT64 4
#define CT_INT32 5
#define CT_UINT8 6
#define CT_BOOL 7

// Devices: a kind and an index.
#define CT_CPU 0
#define CT_CUDA 1

const char *ct_last_error(void) CT_NOEXCEPT;
// Whether a message of libtorch, or of what it calls, says that memory ran out.
bool ct_tells_exhaustion(const char *text) CT_NOEXCEPT;
void ct_free(ct_tensor *tensor) CT_NOEXCEPT;
intptr_t ct_live_handles(void) CT_NOEXCEPT;
// Handles made less handles freed on the calling thread: what leak tests compare while others run.
intptr_t ct_thread_handles(void) CT_NOEXCEPT;

// What a tensor says about itself.
intptr_t ct_dimensions(const ct_tensor *a) CT_NOEXCEPT;
intptr_t ct_count(const ct_tensor *a) CT_NOEXCEPT;
void ct_shape(const ct_tensor *a, intptr_t *sizes) CT_NOEXCEPT;
void ct_strides(const ct_tensor *a, intptr_t *strides) CT_NOEXCEPT;
intptr_t ct_dtype(const ct_tensor *a) CT_NOEXCEPT;
void ct_device(const ct_tensor *a, intptr_t *kind, intptr_t *index) CT_NOEXCEPT;
bool ct_is_contiguous(const ct_tensor *a, bool channels_last) CT_NOEXCEPT;
// The address of the first element of a tensor in CPU memory.
ct_status ct_data(const ct_tensor *a, void **out) CT_NOEXCEPT;

// Values in and out; bytes are in row-major order.
ct_status ct_from_bytes(const void *bytes, const intptr_t *shape, intptr_t dimensions, intptr_t dtype,
                        ct_tensor **out) CT_NOEXCEPT;
ct_status ct_to_bytes(const ct_tensor *a, intptr_t dtype, void *bytes) CT_NOEXCEPT;
ct_status ct_item(const ct_tensor *a, double *out) CT_NOEXCEPT;

// Creation.
ct_status ct_full(const intptr_t *shape, intptr_t dimensions, double value, intptr_t dtype,
                  intptr_t device_kind, intptr_t device_index, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_full_like(const ct_tensor *a, double value, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_arange(double start, double end, double step, intptr_t dtype, ct_tensor **out) CT_NOEXCEPT;
// Float32 draws of libtorch's own engine, started from the seed; the global generator stays still.
ct_status ct_uniform(const intptr_t *shape, intptr_t dimensions, double low, double high, intptr_t seed,
                     ct_tensor **out) CT_NOEXCEPT;
ct_status ct_normal(const intptr_t *shape, intptr_t dimensions, double mean, double deviation,
                    intptr_t seed, ct_tensor **out) CT_NOEXCEPT;

// Conversion.
ct_status ct_to_dtype(const ct_tensor *a, intptr_t dtype, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_to_device(const ct_tensor *a, intptr_t kind, intptr_t index, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_contiguous(const ct_tensor *a, bool channels_last, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_clone(const ct_tensor *a, ct_tensor **out) CT_NOEXCEPT;

CT_END
#endif
