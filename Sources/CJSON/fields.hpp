// The values of an element's keys, read strictly: right kind, finite, in range, no key twice.
#pragma once

#include "problem.hpp"

#include <simdjson.h>

#include <cstring>
#include <string>
#include <string_view>

namespace cjson {

[[noreturn]] inline void fail(const char *key, const std::string &message) {
  throw Problem{CJSONFailureContent, message, -1, key, 0};
}

// x, y, width, height; a list of boxes lies as a list of their numbers.
struct Box {
  double sides[4];
};

// What stands at a token, in words.
std::string found(std::string_view token);

double number(simdjson::ondemand::value value, const char *key, const char **at);
int64_t whole(simdjson::ondemand::value value, const char *key, const char **at);
bool flag(simdjson::ondemand::value value, const char *key, const char **at);
std::string_view text(simdjson::ondemand::value value, const char *key, const char **at);
// The sizes must not be negative.
void box(simdjson::ondemand::value value, const char *key, const char **at, double *into);

// Goes over a member's value under a key that nobody asks for; on its own simdjson would take there what is no JSON.
void skip_value(simdjson::ondemand::value value, const char **at);

// Which of the `count` known keys a field is, or -1.
// On a match, `at` is moved to the key, for messages.
int known_key(simdjson::ondemand::field &field, const char *const *keys, int count,
              const char **at);

// Notes that a key was met; twice is an error.
inline void meet(uint32_t *met, int key, const char *name) {
  if ((*met >> key) & 1) fail(name, "the key stands twice in one object");
  *met |= uint32_t(1) << key;
}

// Calls `body` with the number of each known key of an object, and its value; returns which were met.
template <int Count, class Body>
uint32_t each_known(simdjson::ondemand::object object, const char *const (&keys)[Count], const char **at, Body body) {
  uint32_t met = 0;
  for (auto &&member : object) {
    simdjson::ondemand::field field = std::move(member).take_value();
    int key = known_key(field, keys, Count, at);
    if (key < 0) {
      skip_value(field.value(), at);
      continue;
    }
    meet(&met, key, keys[key]);
    body(key, field.value());
  }
  return met;
}

// Fails for the first of the `needed` keys that was not met.
inline void need(uint32_t met, uint32_t needed, const char *const *keys) {
  if ((met & needed) == needed) return;
  int key = __builtin_ctz(needed & ~met);
  throw Problem{
      CJSONFailureContent, std::string("the key \"") + keys[key] + "\" is missing", -1, "", 0};
}

} // namespace cjson
