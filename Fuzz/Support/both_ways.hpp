// Reads a text whole by the parser, and in windows of 64 bytes by the scanner where there is one: both must give the same
// or both fail, and what is taken must be JSON in every part.
#pragma once

#include "is_json.hpp"
#include "list_reader.hpp"
#include "require.hpp"

// `Outcome` has a `CJSONFailure failure` and can be compared with ==, which leaves the failures out: which of several
// errors is met first may differ.
template <class Outcome>
int read_both_ways(const uint8_t *bytes, size_t count, Outcome (*read)(const CJSONSource &)) {
  CJSONSource source{nullptr, bytes, static_cast<intptr_t>(count)};
  cjson::window_bytes = 1 << 20;
  cjson::scans_plain_elements = false;
  Outcome whole = read(source);
  require_sound(whole.failure, count);
  cjson::window_bytes = 64;
  cjson::scans_plain_elements = true;
  Outcome windows = read(source);
  require_sound(windows.failure, count);
  bool is_read = whole.failure.kind == CJSONFailureNone;
  REQUIRE(is_read == (windows.failure.kind == CJSONFailureNone));
  if (is_read) REQUIRE(whole == windows && is_json(bytes, count));
  return 0;
}
