// Whether a text is JSON in every part, by RapidJSON: what a reader takes must be, also where it looks at nothing.
#pragma once

// RapidJSON 1.1 adds to a null pointer where its stack is empty; it is not what is tested here.
#pragma clang attribute push(__attribute__((no_sanitize("undefined"))), apply_to = function)
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#pragma clang attribute pop

#include <cstdint>

inline bool is_json(const uint8_t *bytes, size_t count) {
  using namespace rapidjson;
  constexpr unsigned strictly = kParseIterativeFlag | kParseValidateEncodingFlag | kParseNumbersAsStringsFlag;
  MemoryStream stream(reinterpret_cast<const char *>(bytes), count);
  Reader reader;
  BaseReaderHandler<> nothing;
  ParseErrorCode error = reader.Parse<strictly>(stream, nothing).Code();
  // RFC 8259 allows half of a surrogate pair and numbers of any size; RapidJSON does not.
  return error == kParseErrorNone || error == kParseErrorStringUnicodeSurrogateInvalid ||
         error == kParseErrorNumberTooBig;
}
