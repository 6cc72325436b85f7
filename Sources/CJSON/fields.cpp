#include "fields.hpp"

#include "grammar.hpp"

#include <charconv>
#include <cmath>

namespace cjson {

using simdjson::ondemand::value;

namespace {

// The token without the white space that simdjson leaves behind it.
std::string_view trimmed(std::string_view token) {
  while (!token.empty() && grammar::is_space(token.back())) token.remove_suffix(1);
  return token;
}

// A place in the text as the grammar walks it; the padding behind the text is no JSON and ends every walk.
struct Place {
  const char *at;
  int peek() const { return static_cast<unsigned char>(*at); }
  void skip() { ++at; }
};

bool starts_number(char byte) { return byte == '-' || (byte >= '0' && byte <= '9'); }

std::string_view mark(value &value, const char **at) {
  std::string_view token = value.raw_json_token();
  *at = token.data();
  return token;
}

} // namespace

std::string found(std::string_view token) {
  token = trimmed(token);
  if (token.empty()) return "nothing";
  switch (token[0]) {
  case '{': return "an object";
  case '[': return "a list";
  case '"': return "the text " + std::string(token.substr(0, 40));
  default: return std::string(token.substr(0, 40));
  }
}

double number(value value, const char *key, const char **at) {
  std::string_view token = mark(value, at);
  if (!starts_number(token[0]) || (token[0] == '-' && token.size() > 1 && token[1] == 'I'))
    fail(key, "expected a finite number, found " + found(token));
  double result = 0;
  simdjson::error_code error = value.get_double().get(result);
  // A number beyond double's range fails here as well.
  if (error != simdjson::SUCCESS || !std::isfinite(result))
    fail(key, "expected a finite number, found " + found(token));
  return result;
}

int64_t whole(value value, const char *key, const char **at) {
  std::string_view token = mark(value, at);
  if (!starts_number(token[0])) fail(key, "expected a whole number, found " + found(token));
  int64_t result = 0;
  if (value.get_int64().get(result) == simdjson::SUCCESS) return result;
  // Some writers put 7 as 7.0; anything a double holds exactly is as good.
  token = trimmed(token);
  Place place{token.data()};
  if (const char *problem = grammar::skip_number(place)) fail(key, problem + (", found " + found(token)));
  double spelt = 0;
  auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), spelt);
  bool isNumber = error == std::errc() && end == token.data() + token.size();
  bool isFloat = token.find_first_of(".eE") != std::string_view::npos;
  if (isNumber && isFloat && spelt == std::trunc(spelt) && std::fabs(spelt) <= 9007199254740992.0)
    return static_cast<int64_t>(spelt);
  if (isNumber && !isFloat) fail(key, "the number " + found(token) + " needs more than 64 bits");
  fail(key, "expected a whole number, found " + found(token));
}

bool flag(value value, const char *key, const char **at) {
  std::string_view token = trimmed(mark(value, at));
  if (token == "0" || token == "false") {
    if (token == "0") (void)value.get_int64().value();
    else (void)value.get_bool().value();
    return false;
  }
  if (token == "1") return value.get_int64().value() == 1;
  if (token == "true") return value.get_bool().value();
  fail(key, "expected 0 or 1, found " + found(token));
}

std::string_view text(value value, const char *key, const char **at) {
  std::string_view token = mark(value, at);
  if (token[0] != '"') fail(key, "expected a text, found " + found(token));
  return value.get_string().value();
}

void box(value value, const char *key, const char **at, double *into) {
  static const char *const names[] = {"bbox[0]", "bbox[1]", "bbox[2]", "bbox[3]"};
  std::string_view token = mark(value, at);
  if (token[0] != '[') fail(key, "expected four numbers x, y, width, height, found " + found(token));
  int count = 0;
  for (auto element : value.get_array()) {
    simdjson::ondemand::value side = element.value();
    if (count == 4) fail(key, "expected four numbers x, y, width, height, found more");
    into[count] = number(side, names[count], at);
    if (count >= 2 && into[count] < 0)
      fail(names[count], "the " + std::string(count == 2 ? "width" : "height") + " is negative");
    ++count;
  }
  if (count < 4)
    fail(key, "expected four numbers x, y, width, height, found " + std::to_string(count));
}

void skip_value(value value, const char **at) {
  Place place{value.raw_json_token().data()};
  *at = place.at;
  // A text that is left where it is, simdjson takes for a key if a colon follows.
  if (*place.at == '"') (void)value.get_raw_json_string().value();
  const char *problem = grammar::skip_value(place);
  // simdjson looks on from the next comma or bracket only, whatever stands before it.
  int next = problem == nullptr ? grammar::token(place) : 0;
  if (next == ',' || next == '}') return;
  if (problem == nullptr) problem = "expected a comma or the end of the object";
  *at = place.at;
  throw Problem{CJSONFailureSyntax, problem, -1, "", 0};
}

int known_key(simdjson::ondemand::field &field, const char *const *keys, int count,
              const char **at) {
  const char *raw = field.key().raw();
  for (int key = 0; key < count; ++key) {
    size_t length = std::strlen(keys[key]);
    // The text is padded, so that looking a few bytes past a short key is safe.
    if (std::memcmp(raw, keys[key], length) == 0 && raw[length] == '"') {
      *at = raw;
      return key;
    }
  }
  const char *end = raw;
  while (*end != '"' && *end != '\\') ++end;
  if (*end == '"') return -1;
  std::string_view plain = field.unescaped_key().value();
  for (int key = 0; key < count; ++key) {
    if (plain == keys[key]) {
      *at = raw;
      return key;
    }
  }
  return -1;
}

} // namespace cjson
