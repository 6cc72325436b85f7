// Internal to CTorch: numbers of maps in float32 or bfloat16, read and written as floats by loops that are compiled twice
// (CT_VECTORIZED). Such a loop cannot be a template: its body is one that is inlined into an overload for each kind.
#pragma once

#include <c10/util/BFloat16.h>

#include <bit>
#include <cstdint>

namespace ctorch {

// c10's own conversions are not emitted for functions that are compiled twice (clang 21).
[[gnu::always_inline]] inline float get(float value) { return value; }
[[gnu::always_inline]] inline float get(const c10::BFloat16 &value) {
  return std::bit_cast<float>(uint32_t(value.x) << 16);
}

// To the nearest, of two as near to the even one; NaN stays NaN.
[[gnu::always_inline]] inline void put(float value, float &to) { to = value; }
[[gnu::always_inline]] inline void put(float value, c10::BFloat16 &to) {
  uint32_t bits = std::bit_cast<uint32_t>(value), nearest = bits + 0x7fff + ((bits >> 16) & 1);
  to.x = uint16_t((value == value ? nearest : (bits | 0x400000)) >> 16);
}

} // namespace ctorch
