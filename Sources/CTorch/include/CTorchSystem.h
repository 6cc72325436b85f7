// Settings of the whole process: threads, denormals, devices.
#ifndef CTORCH_SYSTEM_H
#define CTORCH_SYSTEM_H
#include "CTorch.h"
CT_BEGIN

const char *ct_version(void) CT_NOEXCEPT;
intptr_t ct_threads(void) CT_NOEXCEPT;
ct_status ct_set_threads(intptr_t count) CT_NOEXCEPT;
// Denormals are a setting of each thread: this one and every thread of the pool are set.
ct_status ct_set_flush_denormals(bool value) CT_NOEXCEPT;
// How many threads of the pool flush denormals now.
ct_status ct_flushing_threads(intptr_t *out) CT_NOEXCEPT;
// Whether the processor computes in bfloat16 as fast as in float32. Without these instructions oneDNN refuses it, and
// libtorch's own kernels are slow.
bool ct_computes_bfloat16(void) CT_NOEXCEPT;
// Memory that is freed is kept for what is made next, and not given back to the system.
void ct_keep_freed_memory(void) CT_NOEXCEPT;
// Between these two, the calling thread's convolutions and products on the CPU and on CUDA run in this kind.
ct_status ct_autocast_begin(intptr_t dtype) CT_NOEXCEPT;
void ct_autocast_end(void) CT_NOEXCEPT;
intptr_t ct_cuda_devices(void) CT_NOEXCEPT;

CT_END
#endif
