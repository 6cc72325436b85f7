// Whether a text is JSON in every part, by simdjson's strict parser.
//
// What stands under keys that nobody asks for is skipped without a look, so that a text which is no JSON there may be
// taken or refused, as it is read in one piece or in windows. Texts that are JSON must be read alike.
#pragma once

#include <simdjson.h>

inline bool is_json(const uint8_t *bytes, size_t count) {
  static simdjson::dom::parser parser;
  return parser.parse(bytes, count).error() == simdjson::SUCCESS;
}
