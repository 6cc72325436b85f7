#include "list_reader.hpp"

#include "grammar.hpp"

#include <algorithm>
#include <cstring>
#include <thread>

namespace cjson {

int64_t window_bytes = 256 * 1024;
bool scans_plain_elements = true;

namespace {

constexpr size_t windows_per_thread = 4;

bool is_space(char byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

// The offset of the last comma that stands between `}` and `{`, or between `]}` and `{`, or -1.
int64_t last_separator(const char *bytes, int64_t count, bool is_behind_list) {
  for (int64_t brace = count - 1; brace > 0; --brace) {
    const void *found = memrchr(bytes, '{', static_cast<size_t>(brace + 1));
    if (found == nullptr) return -1;
    brace = static_cast<const char *>(found) - bytes;
    int64_t comma = brace - 1;
    while (comma > 0 && is_space(bytes[comma])) --comma;
    if (comma <= 0 || bytes[comma] != ',') continue;
    int64_t before = comma - 1;
    while (before > 0 && is_space(bytes[before])) --before;
    if (bytes[before] != '}') continue;
    if (!is_behind_list) return comma;
    --before;
    while (before > 0 && is_space(bytes[before])) --before;
    if (before >= 0 && bytes[before] == ']') return comma;
  }
  return -1;
}

// Walks the bytes of a window, behind which a bracket and zeros stand.
struct LooseText {
  const char *at;

  int peek() const { return static_cast<unsigned char>(*at); }

  void skip() { ++at; }

  // What Python's json writes for numbers that are none.
  bool skip_own_word() {
    for (const char *word : {"NaN", "Infinity", "-Infinity"}) {
      size_t length = std::strlen(word);
      if (std::strncmp(at, word, length) != 0) continue;
      at += length;
      return true;
    }
    return false;
  }
};

const char *const expected_object = "expected an object in curly brackets";

Problem out_of_memory() {
  return Problem{CJSONFailureMemory, "there is not enough memory", -1, "", 0};
}

// Walks from the start of an element, minding texts and nesting, up to the last comma between elements before
// `wanted` bytes, or else to the first one after them.
struct Extent {
  int64_t length; // of whole elements
  bool ends;      // the list's `]` follows
};

Extent exact_extent(const Source &source, int64_t offset, int64_t wanted) {
  Cursor cursor(source);
  cursor.move(offset);
  cursor.limit(offset + largest_element, "one element is larger than 64 MB");
  int64_t depth = 0, comma = -1;
  for (;;) {
    int byte = cursor.peek();
    int64_t length = cursor.offset() - offset;
    if (byte < 0) return {comma >= 0 ? comma : length, false};
    if (length >= wanted && comma >= 0) return {comma, false};
    if (byte == '"') {
      cursor.skip_string();
      continue;
    }
    if (depth == 0 && byte == ']') return {length, true};
    if (depth == 0 && byte == '}') return {length + 1, false}; // a stray one: parsing will say so
    if (byte == '{' || byte == '[') ++depth;
    if (byte == '}' || byte == ']') --depth;
    if (byte == ',' && depth == 0) comma = length;
    cursor.skip();
  }
}

} // namespace

ListReader::ListReader(const Source &source, std::string name, int32_t threads, Make make)
    : source_(source), name_(std::move(name)), threads_(std::max(threads, 1)), make_(std::move(make)) {}

void ListReader::start(int64_t offset, Make make, std::string name) {
  make_ = std::move(make);
  name_ = std::move(name);
  for (auto &window : windows_) window->elements = make_();
  ready_ = current_ = 0;
  start_ = next_ = offset;
  read_ = 0;
  finished_ = false;
}

Elements *ListReader::next() {
  while (!finished_) {
    if (current_ == ready_) parse_round();
    Window &window = *windows_[current_++];
    if (window.problem) {
      // The windows behind this one were cut on a wrong guess, or come after an error.
      ready_ = current_;
      parse_exactly(window);
    }
    if (window.ended) {
      finished_ = true;
      end_ = window.end;
    }
    read_ += window.elements->count();
    if (window.elements->count() > 0) return window.elements.get();
  }
  return nullptr;
}

void ListReader::parse_round() {
  if (next_ >= source_.size()) {
    throw Problem{
        CJSONFailureSyntax, "the file ends inside the list; is it truncated?", source_.size(), name_, 0};
  }
  size_t count = threads_ == 1 ? 1 : windows_per_thread * static_cast<size_t>(threads_);
  int64_t left = (source_.size() - next_ + window_bytes - 1) / window_bytes;
  count = std::min(count, static_cast<size_t>(std::max<int64_t>(left, 1)));
  while (windows_.size() < count) {
    windows_.push_back(std::make_unique<Window>());
    windows_.back()->elements = make_();
  }
  size_t taken = 0;
  for (auto &window : windows_) window->claimed = false;
  auto work = [&] {
    for (;;) {
      Window *window = nullptr;
      {
        std::lock_guard lock(claiming_);
        if (taken >= count || !claim(*windows_[taken])) return;
        window = windows_[taken++].get();
      }
      parse(*window);
    }
  };
  std::vector<std::thread> others;
  try {
    for (size_t extra = 1; extra < std::min(static_cast<size_t>(threads_), count); ++extra)
      others.emplace_back(work);
  } catch (const std::system_error &) {
    // No further thread is to be had: this one does the work.
  }
  work();
  for (auto &thread : others) thread.join();
  ready_ = taken;
  current_ = 0;
}

// Reads the next window's bytes, up to the last separator; false when the text is used up.
bool ListReader::claim(Window &window) {
  if (next_ >= source_.size()) return false;
  window.claimed = true;
  window.problem.reset();
  window.ended = false;
  try {
    int64_t length = std::min(window_bytes, source_.size() - next_);
    fill(window, next_, length);
    int64_t comma = last_separator(window.buffer.data() + 1, length, cuts_behind_lists_);
    if (next_ + length < source_.size() && comma >= 0) {
      window.length = comma;
      next_ += comma + 1;
      return true;
    }
    // A large element, or no element at all: the exact walk decides.
    if (next_ + length < source_.size())
      window.problem = std::make_unique<Problem>(Problem{CJSONFailureSyntax, "", next_, "", 0});
  } catch (const Problem &problem) {
    window.problem = std::make_unique<Problem>(problem);
  } catch (const std::bad_alloc &) {
    window.problem = std::make_unique<Problem>(out_of_memory());
  }
  next_ = source_.size();
  return true;
}

void ListReader::fill(Window &window, int64_t offset, int64_t length) {
  size_t room = static_cast<size_t>(length) + 2 + simdjson::SIMDJSON_PADDING;
  if (window.buffer.size() < room) window.buffer.resize(room);
  window.offset = offset;
  window.length = source_.read(offset, window.buffer.data() + 1, length);
}

void ListReader::parse(Window &window) {
  const char *at = nullptr;
  window.elements->clear();
  window.ended = false;
  auto place = [&] {
    int64_t inside = at == nullptr ? 0 : at - (window.buffer.data() + 1);
    return window.offset + std::clamp<int64_t>(inside, 0, window.length);
  };
  try {
    if (!window.problem) {
      char *end = window.buffer.data() + 1 + window.length;
      *end = ']';
      // Zeros, which end every walk of the scanner, whatever it took for the list's end.
      std::memset(end + 1, 0, simdjson::SIMDJSON_PADDING);
      if (char *rest = scan_elements(window)) parse_elements(window, rest, &at);
    }
  } catch (Problem &problem) {
    problem.offset = place();
    window.problem = std::make_unique<Problem>(problem);
  } catch (const simdjson::simdjson_error &error) {
    window.problem = std::make_unique<Problem>(
        Problem{CJSONFailureSyntax, std::string("this is not JSON: ") + error.what(), place(), "", 0});
  } catch (const std::bad_alloc &) {
    window.problem = std::make_unique<Problem>(out_of_memory());
  }
}

// Reads what is plain. Returns where the rest begins, at an element's bracket, or null when there is no rest.
char *ListReader::scan_elements(Window &window) {
  char *first = window.buffer.data() + 1;
  const char *end = first + window.length;
  Scanner scanner(first);
  scanner.space();
  // A window begins behind a comma, where no list ends: the exact walk says so.
  if (*scanner.place() == ']' && scanner.place() != end && window.offset != start_)
    throw Problem{CJSONFailureContent, "", -1, "", 0};
  while (scans_plain_elements) {
    const char *start = scanner.place();
    if (*start != '{') break;
    if (!window.elements->scan(scanner)) return first + (start - first);
    scanner.space();
    if (scanner.place() == end) return nullptr;
    if (scanner.take(']')) {
      window.ended = true;
      window.end = window.offset + (scanner.place() - first);
      return nullptr;
    }
    if (!scanner.take(',')) break;
    scanner.space();
  }
  // An empty list, or an error: the parser sees all of it.
  window.elements->clear();
  return first;
}

// Parses the elements from `from` on, which stands behind a byte that is no longer needed.
void ListReader::parse_elements(Window &window, char *from, const char **at) {
  char *bytes = from - 1;
  char *end = window.buffer.data() + 1 + window.length;
  bytes[0] = '[';
  *at = from;
  parse_list(window, bytes, static_cast<size_t>(end + 1 - bytes), at);
}

// Parses a list of elements, whose brackets were put around them.
void ListReader::parse_list(Window &window, char *bytes, size_t length, const char **at) {
  simdjson::padded_string_view view(bytes, length, length + simdjson::SIMDJSON_PADDING);
  simdjson::ondemand::document document = window.parser.iterate(view);
  simdjson::ondemand::array array = document.get_array();
  for (auto element : array) {
    simdjson::ondemand::value value = element.value();
    *at = value.raw_json_token().data();
    if (**at != '{') throw Problem{CJSONFailureContent, expected_object, -1, "", 0};
    window.elements->read(value.get_object(), at);
  }
  const char *location = nullptr;
  // Past the last token: the `]` that was added ended the iteration, so the list goes on.
  window.ended = document.current_location().get(location) == simdjson::SUCCESS;
  if (!window.ended) return;
  *at = location;
  while (location[-1] != ']') --location;
  window.end = window.offset + (location - (window.buffer.data() + 1));
}

void ListReader::parse_exactly(Window &window) {
  if (window.problem->kind == CJSONFailureFile || window.problem->kind == CJSONFailureMemory)
    throw Problem(*window.problem);
  window.elements->clear();
  bool keeps_odd = window.elements->keeps_odd();
  check_start(window.offset, keeps_odd);
  Extent extent{};
  try {
    extent = exact_extent(source_, window.offset, window.length);
  } catch (Problem &problem) {
    fail(problem, 0);
  }
  window.problem.reset();
  fill(window, window.offset, extent.length);
  int64_t after = window.offset + extent.length + 1;
  parse(window);
  if (window.problem && keeps_odd && window.problem->kind != CJSONFailureMemory) parse_singly(window);
  if (window.problem) fail(*window.problem, window.elements->count());
  next_ = std::min(after, source_.size());
  window.ended = extent.ends;
  window.end = after;
}

// Goes over the whole elements of a window one by one, and keeps those that are JSON but do not say what they should.
void ListReader::parse_singly(Window &window) {
  Problem first = *window.problem;
  int64_t first_row = window.elements->count();
  window.elements->clear();
  window.problem.reset();
  const char *begin = window.buffer.data() + 1, *end = begin + window.length;
  auto offset = [&](const char *at) { return window.offset + std::min<int64_t>(at - begin, window.length); };
  std::vector<char> alone;
  fill(window, window.offset, window.length); // parsing wrote into it
  window.buffer[static_cast<size_t>(window.length) + 1] = ']';
  std::memset(window.buffer.data() + 2 + window.length, 0, simdjson::SIMDJSON_PADDING);
  for (LooseText text{begin};;) {
    grammar::token(text);
    const char *start = text.at;
    const char *wrong = start >= end ? expected_object : grammar::skip_value(text);
    const char *stop = text.at;
    int next = wrong == nullptr ? grammar::token(text) : 0;
    if (wrong == nullptr && next != ',' && text.at != end) wrong = "expected a comma or the end of the list";
    if (wrong != nullptr) {
      bool is_first = window.elements->count() == first_row;
      window.problem = std::make_unique<Problem>(
          is_first ? first : Problem{CJSONFailureSyntax, wrong, offset(text.at), "", 0});
      return;
    }
    auto length = static_cast<size_t>(stop - start);
    alone.assign(length + 2 + simdjson::SIMDJSON_PADDING, 0);
    alone[0] = '[';
    std::memcpy(alone.data() + 1, start, length);
    alone[length + 1] = ']';
    try {
      const char *at = nullptr;
      parse_list(window, alone.data(), length + 2, &at);
    } catch (const Problem &) {
      window.elements->keep({window.elements->count(), offset(start), std::string(start, length)});
    } catch (const simdjson::simdjson_error &) {
      window.elements->keep({window.elements->count(), offset(start), std::string(start, length)});
    }
    if (text.at == end) return;
    text.skip();
  }
}

// What no amount of reading on would make an element is refused at once, and so is a list's end after a comma.
void ListReader::check_start(int64_t offset, bool keeps_odd) {
  Cursor cursor(source_);
  cursor.move(offset);
  int byte = cursor.token();
  if (byte == '{' || byte < 0 || (byte == ']' && offset == start_)) return;
  // Other values may be odd elements.
  if (keeps_odd && (std::strchr("[\"-tfnNI", byte) != nullptr && byte != 0)) return;
  if (keeps_odd && grammar::is_digit(byte)) return;
  std::string message = expected_object;
  if (byte == ']') message += " behind the comma, found the list's end; remove the comma";
  fail(Problem{CJSONFailureContent, message, cursor.offset(), "", 0}, 0);
}

// Throws the problem with the path of the element, `count` after those handed out.
void ListReader::fail(Problem problem, int64_t count) {
  std::string element = name_ + "[" + std::to_string(read_ + count) + "]";
  problem.path = problem.path.empty() ? element : element + "." + problem.path;
  throw problem;
}

} // namespace cjson
