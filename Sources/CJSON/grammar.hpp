// JSON's grammar (RFC 8259), for what is passed over: a value under a key that nobody asks for must be JSON as well, or
// a file would be taken or refused by where it happens to be cut.
//
// A `Text` has `int peek()`, the byte here or -1 at the end, and `void skip()`; it may have a fast way over the numbers
// of a list, `bool skip_listed_numbers()`, and words of its own, `bool skip_own_word()`. Every function returns null when it went
// over what it is named for, else what is wrong at the byte where `text` stands then.
#pragma once

#include <cstdint>

namespace cjson::grammar {

constexpr int deepest = 1024; // simdjson's own limit

inline constexpr const char *cut_text = "the file ends inside a text; is it truncated?";

inline bool is_digit(int byte) { return byte >= '0' && byte <= '9'; }

inline bool is_space(int byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

template <class Text>
int token(Text &text) {
  while (is_space(text.peek())) text.skip();
  return text.peek();
}

template <class Text>
const char *skip_escape(Text &text) {
  int byte = text.peek();
  if (byte < 0) return cut_text;
  switch (byte) {
  case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
    text.skip();
    return nullptr;
  case 'u':
    text.skip();
    for (int digit = 0; digit < 4; ++digit) {
      byte = text.peek();
      if (byte < 0) return cut_text;
      if (!is_digit(byte) && !((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f'))
        return "\\u is not followed by four hexadecimal digits";
      text.skip();
    }
    return nullptr;
  default: return "a text holds an unknown escape";
  }
}

// The bytes after the first of a character beyond ASCII (Unicode 15, table 3-7).
template <class Text>
const char *skip_character(Text &text) {
  static const char *const problem = "a text is not in UTF-8";
  int first = text.peek();
  int count = first >= 0xC2 && first <= 0xDF ? 1 : (first & 0xF0) == 0xE0 ? 2 : first >= 0xF0 && first <= 0xF4 ? 3 : 0;
  if (count == 0) return problem;
  int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  text.skip();
  for (; count > 0; --count) {
    int byte = text.peek();
    if (byte < 0) return cut_text;
    if (byte < low || byte > high) return problem;
    low = 0x80;
    high = 0xBF;
    text.skip();
  }
  return nullptr;
}

// A text from its opening quote on.
template <class Text>
const char *skip_string(Text &text) {
  text.skip();
  for (;;) {
    int byte = text.peek();
    const char *problem = nullptr;
    if (byte == '"') {
      text.skip();
      return nullptr;
    } else if (byte == '\\') {
      text.skip();
      problem = skip_escape(text);
    } else if (byte >= 0x80) {
      problem = skip_character(text);
    } else if (byte >= ' ') {
      text.skip();
    } else {
      problem = byte < 0 ? cut_text : "a text holds a line break or another control character";
    }
    if (problem != nullptr) return problem;
  }
}

template <class Text>
const char *skip_digits(Text &text) {
  if (!is_digit(text.peek())) return "expected a digit";
  while (is_digit(text.peek())) text.skip();
  return nullptr;
}

template <class Text>
const char *skip_number(Text &text) {
  if (text.peek() == '-') text.skip();
  if (text.peek() == '0') {
    text.skip();
    if (is_digit(text.peek())) return "a number begins with 0";
  } else if (auto problem = skip_digits(text)) {
    return problem;
  }
  if (text.peek() == '.') {
    text.skip();
    if (auto problem = skip_digits(text)) return problem;
  }
  if (text.peek() == 'e' || text.peek() == 'E') {
    text.skip();
    if (text.peek() == '-' || text.peek() == '+') text.skip();
    return skip_digits(text);
  }
  return nullptr;
}

// A text, a number, true, false or null.
template <class Text>
const char *skip_scalar(Text &text) {
  if constexpr (requires { text.skip_own_word(); }) {
    if (text.skip_own_word()) return nullptr;
  }
  int byte = text.peek();
  if (byte == '"') return skip_string(text);
  if (byte == '-' || is_digit(byte)) return skip_number(text);
  const char *word = byte == 't' ? "true" : byte == 'f' ? "false" : byte == 'n' ? "null" : "";
  if (*word == 0) return byte < 0 ? "the file ends inside a value; is it truncated?" : "expected a value";
  for (; *word != 0; ++word) {
    if (text.peek() != *word) return "expected a value";
    text.skip();
  }
  return nullptr;
}

template <class Text>
const char *skip_key(Text &text) {
  if (token(text) != '"') return "expected a key in quotes";
  if (auto problem = skip_string(text)) return problem;
  if (token(text) != ':') return "expected a colon after the key";
  text.skip();
  return nullptr;
}

// Any value, from white space before it on.
template <class Text>
const char *skip_value(Text &text) {
  char open[deepest]; // the brackets that are open
  for (int depth = 0;;) {
    int byte = token(text);
    if (byte == '{' || byte == '[') {
      if (depth == deepest) return "the nesting is deeper than 1024";
      open[depth++] = static_cast<char>(byte);
      text.skip();
      if (token(text) != (byte == '{' ? '}' : ']')) {
        const char *problem = byte == '{' ? skip_key(text) : nullptr;
        if (problem != nullptr) return problem;
        continue;
      }
    } else {
      if constexpr (requires { text.skip_listed_numbers(); }) {
        bool is_listed = depth > 0 && open[depth - 1] == '[' && (byte == '-' || is_digit(byte));
        if (is_listed && text.skip_listed_numbers()) continue;
      }
      if (auto problem = skip_scalar(text)) return problem;
    }
    // A value has ended: so do the lists and objects of which it was the last.
    for (;; --depth) {
      if (depth == 0) return nullptr;
      bool is_object = open[depth - 1] == '{';
      byte = token(text);
      if (byte == ',') {
        text.skip();
        const char *problem = is_object ? skip_key(text) : nullptr;
        if (problem != nullptr) return problem;
        break;
      }
      if (byte < 0) return "the file ends inside a value; is it truncated?";
      if (byte != (is_object ? '}' : ']'))
        return is_object ? "expected a comma or the end of the object" : "expected a comma or the end of the list";
      text.skip();
    }
  }
}

} // namespace cjson::grammar
