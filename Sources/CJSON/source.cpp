#include "source.hpp"

#include "grammar.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cjson {

namespace {

// Keeps the bytes of what is gone over.
struct Recorder {
  int peek() { return cursor.peek(); }
  void skip() {
    bytes.push_back(static_cast<char>(cursor.peek()));
    cursor.skip();
  }

  Cursor &cursor;
  std::string bytes = {};
};

} // namespace

Source::Source(const CJSONSource &source) {
  if (source.path == nullptr) {
    bytes_ = source.bytes;
    size_ = source.count;
    return;
  }
  // O_NONBLOCK: a pipe that nobody writes to is refused, not waited for.
  descriptor_ = ::open(source.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
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
  Place(*this).locate(offset, line, column);
}

void Place::locate(int64_t offset, int64_t *line, int64_t *column) {
  if (offset < at_) {
    at_ = line_start_ = 0;
    line_ = 1;
  }
  char buffer[16384];
  while (at_ < offset) {
    int64_t wanted = offset - at_ < int64_t(sizeof buffer) ? offset - at_ : int64_t(sizeof buffer);
    int64_t got = source_.read(at_, buffer, wanted);
    if (got <= 0) break;
    for (int64_t index = 0; index < got; ++index) {
      if (buffer[index] != '\n') continue;
      ++line_;
      line_start_ = at_ + index + 1;
    }
    at_ += got;
  }
  *line = line_;
  *column = offset - line_start_ + 1;
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

void Cursor::skip_mark() {
  for (int byte : {0xEF, 0xBB, 0xBF}) {
    if (peek() != byte) return move(0);
    skip();
  }
}

int Cursor::token() { return grammar::token(*this); }

void Cursor::fail(const std::string &message) {
  throw Problem{CJSONFailureSyntax, message, offset(), "", 0};
}

void Cursor::demand(char byte, const char *what) {
  int found = token();
  if (found == byte) return;
  if (found < 0) fail(std::string("the file ends where ") + what + " is needed; is it truncated?");
  fail(std::string("expected ") + what);
}

void Cursor::expect(char byte, const char *what) {
  demand(byte, what);
  skip();
}

std::string Cursor::string() {
  demand('"', "a text in quotes");
  Recorder recorder{*this};
  check(grammar::skip_string(recorder));
  return recorder.bytes.substr(1, recorder.bytes.size() - 2);
}

void Cursor::skip_string() { check(grammar::skip_string(*this)); }

void Cursor::skip_value() { check(grammar::skip_value(*this)); }

void Cursor::check(const char *problem) {
  if (problem != nullptr) fail(problem);
}

} // namespace cjson
