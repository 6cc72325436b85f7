// Reads the plain, well-formed majority of a list's elements straight from the bytes, several times as fast as a general
// parser. It never reports an error: at anything unusual (another key, an escape, 7.0 for 7, a bad number) it stops, and
// the general parser reads on from there and judges.
#pragma once

#include "grammar.hpp"
#include "listed_numbers.hpp"

#include <simdjson.h>

#include <cmath>
#include <cstdint>
#include <cstring>

namespace cjson {

class Scanner {
public:
  // The text must go on for some bytes that are no part of a number after `from` ends.
  explicit Scanner(const char *from) : at_(from) {}

  const char *place() const { return at_; }

  int peek() const { return static_cast<unsigned char>(*at_); }

  void skip() { ++at_; }

  bool skip_listed_numbers() {
    const char *start = at_;
    at_ = cjson::skip_listed_numbers(at_);
    return at_ != start;
  }

  void space() { grammar::token(*this); }

  bool take(char byte) {
    if (*at_ != byte) return false;
    ++at_;
    return true;
  }

  // A key with its quotes and the colon after it.
  template <size_t Count>
  bool key(const char (&name)[Count]) {
    const char *start = at_;
    if (std::memcmp(at_, name, Count - 1) != 0) return false;
    at_ += Count - 1;
    space();
    if (take(':')) {
      space();
      return true;
    }
    at_ = start; // or the next key tried would match behind this one
    return false;
  }

  bool whole(int64_t *into) {
    bool negative = take('-');
    const char *first = at_;
    uint64_t digits = 0;
    while (is_digit(*at_)) digits = digits * 10 + static_cast<uint64_t>(*at_++ - '0');
    int64_t count = at_ - first;
    if (count == 0 || count > 18 || (*first == '0' && count > 1) || !ends_value()) return false;
    *into = negative ? -static_cast<int64_t>(digits) : static_cast<int64_t>(digits);
    return true;
  }

  bool real(double *into) {
    bool negative = take('-');
    const char *first = at_;
    uint64_t digits = 0;
    while (is_digit(*at_)) digits = digits * 10 + static_cast<uint64_t>(*at_++ - '0');
    int64_t count = at_ - first, power = 0;
    if (count == 0 || (*first == '0' && count > 1)) return false;
    if (*at_ == '.') {
      const char *point = ++at_;
      while (eight_digits(at_)) {
        digits = digits * 100000000 + value_of_eight(at_);
        at_ += 8;
      }
      while (is_digit(*at_)) digits = digits * 10 + static_cast<uint64_t>(*at_++ - '0');
      power = point - at_;
      if (power == 0) return false;
      count -= power;
    }
    if (*first == '0') count -= leading_zeros(first);
    if (count > 19) return false; // more than 64 bits
    if ((*at_ == 'e' || *at_ == 'E') && !exponent(&power)) return false;
    return ends_value() && value(digits, power, negative, into);
  }

  // x, y, width, height.
  bool box(double *into) {
    if (!take('[')) return false;
    for (int side = 0; side < 4; ++side) {
      space();
      if (side > 0) {
        if (!take(',')) return false;
        space();
      }
      if (!real(into + side)) return false;
    }
    space();
    return take(']') && into[2] >= 0 && into[3] >= 0;
  }

  bool flag(bool *into) {
    if (*at_ != '0' && *at_ != '1') return false;
    *into = *at_++ == '1';
    return ends_value();
  }

  // Any value.
  bool skip_value() { return grammar::skip_value(*this) == nullptr; }

  // After a member: true with `ended` when the object ends, true without when another key follows.
  bool next_member(bool *ended) {
    space();
    if (take('}')) return *ended = true;
    *ended = false;
    if (!take(',')) return false;
    space();
    return true;
  }

private:
  static bool is_digit(char byte) { return static_cast<unsigned char>(byte - '0') < 10; }

  static bool eight_digits(const char *bytes) {
    uint64_t word;
    std::memcpy(&word, bytes, 8);
    constexpr uint64_t high = 0xF0F0F0F0F0F0F0F0;
    return ((word & high) | (((word + 0x0606060606060606) & high) >> 4)) == 0x3333333333333333;
  }

  // Pairs, fours, then eight digits at once; the first byte is the lowest of the word.
  static uint64_t value_of_eight(const char *bytes) {
    uint64_t word;
    std::memcpy(&word, bytes, 8);
    word = (word & 0x0F0F0F0F0F0F0F0F) * 2561 >> 8;
    word = (word & 0x00FF00FF00FF00FF) * 6553601 >> 16;
    return (word & 0x0000FFFF0000FFFF) * 42949672960001 >> 32;
  }

  static int64_t leading_zeros(const char *first) {
    int64_t count = 0;
    for (; *first == '0' || *first == '.'; ++first) count += *first == '0';
    return count;
  }

  bool exponent(int64_t *power) {
    ++at_;
    bool negative = *at_ == '-';
    if (*at_ == '-' || *at_ == '+') ++at_;
    int64_t digits = 0, count = 0;
    for (; is_digit(*at_) && count < 5; ++count) digits = digits * 10 + (*at_++ - '0');
    *power += negative ? -digits : digits;
    return count > 0 && count < 5;
  }

  bool ends_value() const {
    return *at_ == ',' || *at_ == '}' || *at_ == ']' || *at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t';
  }

  // digits x 10^power, rounded correctly.
  static bool value(uint64_t digits, int64_t power, bool negative, double *into) {
    static constexpr double exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (digits == 0) {
      *into = negative ? -0.0 : 0.0;
    } else if (digits <= uint64_t(1) << 53 && power >= -22 && power <= 22) {
      // Both are doubles without loss: one operation rounds once (Clinger 1990).
      double number = static_cast<double>(digits);
      number = power < 0 ? number / exact[-power] : number * exact[power];
      *into = negative ? -number : number;
    } else if (power < -290 || power > 280) {
      return false;
    } else if (!simdjson::builtin::numberparsing::compute_float_64(power, digits, negative, *into)) {
      return false;
    }
    return std::isfinite(*into);
  }

  const char *at_;
};

} // namespace cjson
