// The inner loops of convolution, compiled once for each instruction set that is fast enough to use them.
#include "packed_convolution.h"

#include <cstring>

namespace packed {

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
namespace avx2 {
using Vector = float __attribute__((vector_size(32)));
constexpr int64_t lanes = 8, tileRows = 6;
#include "convolution_kernels.h"
constexpr Kernels kernels{lanes,           tileRows,          multiply,         transformInput, transformOutput,
                          transformFilter, transformGradient, transformProducts};
} // namespace avx2
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,fma"))), apply_to = function)
namespace avx512 {
using Vector = float __attribute__((vector_size(64)));
constexpr int64_t lanes = 16, tileRows = 12;
#include "convolution_kernels.h"
constexpr Kernels kernels{lanes,           tileRows,          multiply,         transformInput, transformOutput,
                          transformFilter, transformGradient, transformProducts};
} // namespace avx512
#pragma clang attribute pop

const Kernels *kernels() {
  static const Kernels *const chosen = [] () -> const Kernels * {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return &avx512::kernels;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &avx2::kernels;
    return nullptr;
  }();
  return chosen;
}

#elif defined(__aarch64__)

namespace neon {
using Vector = float __attribute__((vector_size(16)));
constexpr int64_t lanes = 4, tileRows = 12;
#include "convolution_kernels.h"
constexpr Kernels kernels{lanes,           tileRows,          multiply,         transformInput, transformOutput,
                          transformFilter, transformGradient, transformProducts};
} // namespace neon

const Kernels *kernels() { return &neon::kernels; }

#else

const Kernels *kernels() { return nullptr; }

#endif

} // namespace packed
