// The inner loops of convolution, compiled once for each instruction set that is fast enough to use them.
#include "packed_convolution.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace packed {

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
namespace avx2 {
using Vector = float __attribute__((vector_size(32)));
constexpr int64_t lanes = 8, tileRows = 6;
#include "convolution_kernels.h"
} // namespace avx2
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,fma"))), apply_to = function)
namespace avx512 {
using Vector = float __attribute__((vector_size(64)));
constexpr int64_t lanes = 16, tileRows = 12;
#include "convolution_kernels.h"
} // namespace avx512
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni,fma"))), apply_to = function)
namespace avx512 {
#include "fixed_point_kernels.h"
constexpr FixedPoint fixedPoint{multiplyFixed<tileRows, false>, multiplyFixed<FixedPoint::addedRows, true>, quantizeRow,
                                quantizePanel};
constexpr Kernels kernelsWithFixedPoint = [] {
  Kernels all = kernels;
  all.fixedPoint = &fixedPoint;
  return all;
}();
} // namespace avx512
#pragma clang attribute pop

const Kernels *kernels() {
  static const Kernels *const chosen = [] () -> const Kernels * {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
      return __builtin_cpu_supports("avx512vnni") ? &avx512::kernelsWithFixedPoint : &avx512::kernels;
    }
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
} // namespace neon

const Kernels *kernels() { return &neon::kernels; }

#else

const Kernels *kernels() { return nullptr; }

#endif

} // namespace packed
