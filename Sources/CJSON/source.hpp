// The bytes of a file or of memory, read at any offset, by several threads at once.
#pragma once

#include "problem.hpp"

#include <cstdint>
#include <string>

namespace cjson {

class Source {
public:
  explicit Source(const CJSONSource &source);
  ~Source();
  Source(const Source &) = delete;
  Source &operator=(const Source &) = delete;

  int64_t size() const { return size_; }

  // Copies up to `count` bytes from `offset`; fewer only at the end.
  int64_t read(int64_t offset, char *into, int64_t count) const;

  // Line and column, from 1, of an offset.
  void locate(int64_t offset, int64_t *line, int64_t *column) const;

private:
  int descriptor_ = -1;
  const uint8_t *bytes_ = nullptr;
  int64_t size_ = 0;
};

// Line and column of offsets that mostly grow: each call goes on where the last one ended.
class Place {
public:
  explicit Place(const Source &source) : source_(source) {}

  void locate(int64_t offset, int64_t *line, int64_t *column);

private:
  const Source &source_;
  int64_t at_ = 0, line_ = 1, line_start_ = 0;
};

// Walks the text byte by byte where structure is thin: between the lists of a file.
class Cursor {
public:
  explicit Cursor(const Source &source) : source_(source) {}

  int64_t offset() const { return start_ + position_; }
  void move(int64_t offset);
  // Reading on at or after `offset` fails with `message`.
  void limit(int64_t offset, std::string message) {
    limit_ = offset;
    beyond_ = std::move(message);
  }

  int peek();            // the byte here, or -1 at the end
  void skip() { ++position_; }
  void skip_mark();      // a byte order mark at the start of the text
  int token();           // skips white space, then peeks
  void expect(char byte, const char *what);
  std::string string();  // a text in quotes, with its escapes as written
  void skip_string();    // from its opening quote on
  void skip_value();     // any JSON value

  [[noreturn]] void fail(const std::string &message);

private:
  void demand(char byte, const char *what);
  void check(const char *problem);

  const Source &source_;
  int64_t start_ = 0;
  int64_t position_ = 0;
  int64_t filled_ = 0;
  int64_t limit_ = INT64_MAX;
  std::string beyond_;
  char buffer_[16384];
};

} // namespace cjson
