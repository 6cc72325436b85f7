// What a fuzz target demands of the code under test.
#pragma once

#if __has_include("CJSONCOCO.h")
#include "CJSONCOCO.h"
#endif

#include <cstdio>
#include <cstdlib>
#include <cstring>

// Unlike assert it is there in every build, and it says what failed.
#define REQUIRE(condition)                                                                       \
  do {                                                                                           \
    if (!(condition)) {                                                                          \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);               \
      std::abort();                                                                              \
    }                                                                                            \
  } while (false)

#if __has_include("CJSONCOCO.h")
// A failure has a message and a place inside the text; a memory failure has no business with small inputs.
inline void require_sound(const CJSONFailure &failure, size_t count) {
  if (failure.kind == CJSONFailureNone) return;
  REQUIRE(failure.kind == CJSONFailureSyntax || failure.kind == CJSONFailureContent);
  REQUIRE(failure.message[0] != 0);
  REQUIRE(failure.offset >= -1 && failure.offset <= static_cast<int64_t>(count));
  REQUIRE(failure.offset < 0 || (failure.line >= 1 && failure.column >= 1));
  REQUIRE(std::memchr(failure.message, 0, sizeof failure.message) != nullptr);
  REQUIRE(std::memchr(failure.path, 0, sizeof failure.path) != nullptr);
}
#endif
