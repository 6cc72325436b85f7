// Reads a list of objects window by window, several windows at a time, in the order of the file.
//
// A window ends at a comma between `}` and `{`, which is nearly always one between two elements (of flat ones). Whether
// it is, shows when all windows before it parsed as whole elements: then its start is known to be right.
// A window that does not parse is cut again by an exact byte-wise walk, and only then its error counts.
// So memory is a few windows, whatever the file's size, and the outcome is that of reading it whole.
//
// An element that is JSON but does not say what it should ends the reading, or is kept as it stands (an odd one), for a
// slower reader that goes by its meaning; NaN and Infinity, which Python writes, pass for JSON there.
#pragma once

#include "scanner.hpp"
#include "source.hpp"

#include <simdjson.h>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace cjson {

// How much is read at a time, and whether plain elements are scanned. Fuzzing compares tiny windows, which have many
// seams, with the parser alone; nothing else sets these.
extern int64_t window_bytes;
extern bool scans_plain_elements;

// Bytes of one element; a larger one is refused.
constexpr int64_t largest_element = 64 * 1024 * 1024;

// An element that was kept as it stands.
struct OddElement {
  int64_t row;    // among the elements of its window, where an empty one stands for it
  int64_t offset; // of its first byte in the file
  std::string text;
  std::string key = {}; // of an object in the place of a list, with its escapes
  bool has_key = false;
};

// Takes the elements of one window.
class Elements {
public:
  virtual ~Elements() = default;
  virtual void clear() = 0;
  virtual int64_t count() const = 0;
  // Reads one object; throws `Problem` with `path` naming the key, and `at` set near the place; then nothing is added.
  virtual void read(simdjson::ondemand::object object, const char **at) = 0;
  // Reads one plain object; false when it is not plain, and then nothing is added.
  virtual bool scan(Scanner &scanner) = 0;
  // Whether odd elements are kept, and no errors.
  virtual bool keeps_odd() const { return false; }
  // Keeps an odd element, and adds an empty one in its place.
  virtual void keep(OddElement) {}
};

class ListReader {
public:
  using Make = std::function<std::unique_ptr<Elements>()>;

  ListReader(const Source &source, std::string name, int32_t threads, Make make);

  // Starts the list whose `[` lies just before `offset`.
  void start(int64_t offset, Make make, std::string name);

  // Says that elements end with a list and hold objects themselves: then windows are cut at a comma between `]}` and `{`.
  void cut_behind_lists() { cuts_behind_lists_ = true; }

  // The next elements in order, or null when the list has ended; they last until the next call.
  Elements *next();

  // The offset just after the list's `]`, once `next` has returned null.
  int64_t end() const { return end_; }

private:
  struct Window {
    std::vector<char> buffer;
    simdjson::ondemand::parser parser;
    std::unique_ptr<Elements> elements;
    int64_t offset = 0; // of the first byte in the file
    int64_t length = 0;
    bool claimed = false;
    bool ended = false; // the list's `]` was met
    int64_t end = 0;
    std::unique_ptr<Problem> problem;
  };

  void parse_round();
  bool claim(Window &window);
  void fill(Window &window, int64_t offset, int64_t length);
  void parse(Window &window);
  char *scan_elements(Window &window);
  void parse_elements(Window &window, char *from, const char **at);
  void parse_list(Window &window, char *bytes, size_t length, const char **at);
  void parse_exactly(Window &window);
  void parse_singly(Window &window);
  void check_start(int64_t offset, bool keeps_odd);
  [[noreturn]] void fail(Problem problem, int64_t count);

  const Source &source_;
  std::string name_;
  int32_t threads_;
  Make make_;
  std::vector<std::unique_ptr<Window>> windows_;
  size_t ready_ = 0;
  size_t current_ = 0;
  std::mutex claiming_;
  int64_t start_ = 0;
  int64_t next_ = 0;
  int64_t read_ = 0;      // elements handed out so far
  bool finished_ = false;
  bool cuts_behind_lists_ = false;
  int64_t end_ = 0;
};

} // namespace cjson
