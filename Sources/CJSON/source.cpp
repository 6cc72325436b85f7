#include "source.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cjson {

namespace {

constexpr size_t deepest = 1024; // simdjson's own limit

// What numbers, true, false and null are made of.
bool is_scalar(int byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         byte == '-' || byte == '+' || byte == '.';
}

} // namespace

Source::Source(const CJSONSource &source) {
  if (source.path == nullptr) {
    bytes_ = source.bytes;
    size_ = source.count;
    return;
  }
  descriptor_ = ::open(source.path, O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw Problem{CJSONFailureFile, "open the file", -1, "", errno};
  struct stat status {};
  int number = ::fstat(descriptor_, &status) == 0 ? 0 : errno;
  if (number == 0 && S_ISDIR(status.st_mode)) number = EISDIR;
  if (number == 0 && !S_ISREG(status.st_mode)) number = ESPIPE;
  if (number != 0) {
    ::close(descriptor_);
    throw Problem{CJSONFailureFile, "read the file", -1, "", number};
  }
  size_ = status.st_size;
}

Source::~Source() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

int64_t Source::read(int64_t offset, char *into, int64_t count) const {
  if (offset >= size_) return 0;
  if (count > size_ - offset) count = size_ - offset;
  if (bytes_ != nullptr) {
    std::memcpy(into, bytes_ + offset, static_cast<size_t>(count));
    return count;
  }
  int64_t done = 0;
  while (done < count) {
    ssize_t got = ::pread(descriptor_, into + done, static_cast<size_t>(count - done), offset + done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Problem{CJSONFailureFile, "read the file", -1, "", errno};
    if (got == 0) break; // the file shrank while it was read: its JSON will end early
    done += got;
  }
  return done;
}

void Source::locate(int64_t offset, int64_t *line, int64_t *column) const {
  char buffer[16384];
  int64_t lines = 1, line_start = 0;
  for (int64_t at = 0; at < offset;) {
    int64_t wanted = offset - at < int64_t(sizeof buffer) ? offset - at : int64_t(sizeof buffer);
    int64_t got = read(at, buffer, wanted);
    if (got <= 0) break;
    for (int64_t index = 0; index < got; ++index) {
      if (buffer[index] != '\n') continue;
      ++lines;
      line_start = at + index + 1;
    }
    at += got;
  }
  *line = lines;
  *column = offset - line_start + 1;
}

void Cursor::move(int64_t offset) {
  start_ = offset;
  position_ = filled_ = 0;
}

int Cursor::peek() {
  if (position_ >= filled_) {
    move(offset());
    if (start_ >= limit_) fail(beyond_);
    filled_ = source_.read(start_, buffer_, sizeof buffer_);
    if (filled_ == 0) return -1;
  }
  return static_cast<unsigned char>(buffer_[position_]);
}

int Cursor::token() {
  int byte = peek();
  while (byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t') {
    skip();
    byte = peek();
  }
  return byte;
}

void Cursor::fail(const std::string &message) {
  throw Problem{CJSONFailureSyntax, message, offset(), "", 0};
}

void Cursor::expect(char byte, const char *what) {
  int found = token();
  if (found == byte) return skip();
  if (found < 0) fail(std::string("the file ends where ") + what + " is needed; is it truncated?");
  fail(std::string("expected ") + what);
}

std::string Cursor::string() {
  expect('"', "a text in quotes");
  std::string text;
  for (;;) {
    int byte = peek();
    if (byte < 0) fail("the file ends inside a text; is it truncated?");
    skip();
    if (byte == '"') return text;
    text.push_back(static_cast<char>(byte));
    if (byte != '\\') continue;
    byte = peek();
    if (byte < 0) fail("the file ends inside a text; is it truncated?");
    text.push_back(static_cast<char>(byte));
    skip();
  }
}

void Cursor::skip_string() {
  expect('"', "a text in quotes");
  for (;;) {
    int byte = peek();
    if (byte < 0) fail("the file ends inside a text; is it truncated?");
    skip();
    if (byte == '"') return;
    if (byte < ' ') fail("a text holds a line break or another control character");
    if (byte != '\\') continue;
    if (peek() < 0) fail("the file ends inside a text; is it truncated?");
    skip();
  }
}

void Cursor::skip_scalar() {
  int64_t length = 0;
  for (int byte = peek(); is_scalar(byte); byte = peek()) {
    skip();
    ++length;
  }
  if (length > 0) return;
  if (peek() < 0) fail("the file ends inside a value; is it truncated?");
  fail("expected a value");
}

void Cursor::skip_value() {
  std::string open; // the brackets that are open
  for (;;) {
    int byte = token();
    if (byte == '{' || byte == '[') {
      if (open.size() == deepest) fail("the nesting is deeper than 1024");
      open.push_back(static_cast<char>(byte));
      skip();
      if (token() == (byte == '{' ? '}' : ']')) {
        skip();
        open.pop_back();
      } else {
        if (byte == '{') skip_key();
        continue;
      }
    } else if (byte == '"') {
      skip_string();
    } else {
      skip_scalar();
    }
    // A value has ended: so do the lists and objects of which it was the last.
    for (;;) {
      if (open.empty()) return;
      bool is_object = open.back() == '{';
      if (token() == ',') {
        skip();
        if (is_object) skip_key();
        break;
      }
      if (is_object) expect('}', "a comma or the end of the object");
      else expect(']', "a comma or the end of the list");
      open.pop_back();
    }
  }
}

void Cursor::skip_key() {
  skip_string();
  expect(':', "a colon after the key");
}

} // namespace cjson
