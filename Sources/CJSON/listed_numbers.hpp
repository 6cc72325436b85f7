// Goes over the numbers of a list sixty-four bytes at a time. Outlines of objects are most of a file of truths, and
// nobody asks for them; that they are JSON must be seen all the same.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace cjson {

// From the start of a number, to the start of a later one of the same list, or to the space before it, when all between
// are plain: no exponent, and no white space but one space behind a comma. Else it stays. Reads 64 bytes.
inline const char *skip_listed_numbers(const char *at) {
  typedef unsigned char Bytes __attribute__((ext_vector_type(64)));
  typedef bool Bits __attribute__((ext_vector_type(64)));
  static_assert(std::endian::native == std::endian::little); // the first byte is the lowest bit
  for (;;) {
    Bytes bytes;
    std::memcpy(&bytes, at, 64);
    auto where = [](const auto &condition) {
      return __builtin_bit_cast(uint64_t, __builtin_convertvector(condition, Bits));
    };
    uint64_t digits = where(bytes - '0' < 10), points = where(bytes == '.'), minuses = where(bytes == '-');
    uint64_t commas = where(bytes == ','), spaces = where(bytes == ' '), zeros = where(bytes == '0');

    // What is looked at ends with the last comma before anything else.
    uint64_t others = ~(digits | points | minuses | commas | spaces);
    uint64_t plain = others == 0 ? ~uint64_t(0) : (others & -others) - 1;
    if ((commas & plain) == 0) return at;
    int last = 63 - std::countl_zero(commas & plain);
    uint64_t looked_at = ~uint64_t(0) >> (63 - last);

    uint64_t starts = ((commas | spaces) << 1 | 1) & ~spaces; // of numbers
    uint64_t wrong = starts & ~(digits | minuses);
    wrong |= minuses & ~starts;
    wrong |= spaces & ~(commas << 1);
    wrong |= (commas | points) & ~(digits << 1);
    wrong |= (minuses | points) << 1 & ~digits;
    // 07, -07
    uint64_t first_digits = (starts & digits) | minuses << 1;
    wrong |= (first_digits & zeros) << 1 & digits;
    // 1.2.3: the sum carries over the digits behind a point to what follows them.
    wrong |= ((points << 1 & digits) + digits) & points;
    if ((wrong & looked_at) != 0) return at;
    at += last + 1;
    if (*at == ' ') ++at;
    if (!(*at == '-' || (*at >= '0' && *at <= '9'))) return at;
  }
}

} // namespace cjson
