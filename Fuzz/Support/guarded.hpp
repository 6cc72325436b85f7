// Memory that ends where a page without access begins.
//
// The installed codecs are not built with AddressSanitizer, which therefore does not see what they read and
// write; the processor does: one byte beyond the end of such memory is a crash.
#pragma once

#include "require.hpp"

#include <cstddef>
#include <cstdint>
#include <sys/mman.h>
#include <unistd.h>

class Guarded {
public:
  explicit Guarded(size_t most) : page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
    length_ = (most + page_ - 1) / page_ * page_;
    void *memory = mmap(nullptr, length_ + page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    start_ = static_cast<uint8_t *>(memory);
    REQUIRE(mprotect(start_ + length_, page_, PROT_NONE) == 0);
  }

  // `count` bytes, the last of them just before the page without access; four bytes before them are watched.
  uint8_t *bytes(size_t count) {
    REQUIRE(count + sizeof mark <= length_);
    uint8_t *result = start_ + length_ - count;
    std::memcpy(result - sizeof mark, mark, sizeof mark);
    return result;
  }

  void check(const uint8_t *bytes) { REQUIRE(std::memcmp(bytes - sizeof mark, mark, sizeof mark) == 0); }

private:
  static constexpr uint8_t mark[] = {0xA5, 0x5A, 0xC3, 0x3C};
  size_t page_, length_;
  uint8_t *start_;
};
