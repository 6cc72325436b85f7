// Reads a text whole by the parser, and in windows of 64 bytes by the scanner where there is one: both must give the same
// or both fail, and what is taken must be JSON in every part but for NaN and Infinity in elements that are kept as they stand.
#pragma once

#include "is_json.hpp"
#include "list_reader.hpp"
#include "require.hpp"

#include <string>
#include <vector>

// Elements that were kept as they stand: the same both ways, in the order of the file, and within the text.
struct KeptElements {
  std::vector<int64_t> rows, offsets;
  std::vector<std::string> texts, keys; // keys: of objects in the place of lists; of elements of lists none

  // `first` is the number of rows before the block, which has `count`.
  void add(const CJSONOddElement *odd, intptr_t odd_count, int64_t first, int64_t count) {
    for (intptr_t place = 0; place < odd_count; ++place) {
      REQUIRE(odd[place].row >= 0 && odd[place].row < count && odd[place].count > 0);
      REQUIRE(place == 0 || odd[place].row > odd[place - 1].row);
      rows.push_back(first + odd[place].row);
      offsets.push_back(odd[place].offset);
      texts.emplace_back(odd[place].text, odd[place].count);
      REQUIRE(odd[place].keyCount >= 0 && (odd[place].key != nullptr || odd[place].keyCount == 0));
      keys.emplace_back(odd[place].key == nullptr ? "-" : "+" + std::string(odd[place].key, odd[place].keyCount));
    }
  }

  // The text with a plain value in the place of each of them, and without a byte order mark.
  std::string plain(const uint8_t *bytes, size_t count) const {
    std::string text(reinterpret_cast<const char *>(bytes), count);
    for (size_t place = 0; place < offsets.size(); ++place) {
      size_t offset = static_cast<size_t>(offsets[place]), length = texts[place].size();
      REQUIRE(offset + length <= count && text.compare(offset, length, texts[place]) == 0);
    }
    for (size_t place = 0; place < offsets.size(); ++place)
      text.replace(static_cast<size_t>(offsets[place]), texts[place].size(), std::string(texts[place].size(), '7'));
    return text.rfind("\xEF\xBB\xBF", 0) == 0 ? text.substr(3) : text;
  }

  bool operator==(const KeptElements &) const = default;
};

// `Outcome` has a `CJSONFailure failure` and `KeptElements kept`, and can be compared with ==, which leaves the failures
// out: which of several errors is met first may differ.
template <class Outcome>
int read_both_ways(const uint8_t *bytes, size_t count, Outcome (*read)(const CJSONSource &)) {
  CJSONSource source{nullptr, bytes, static_cast<intptr_t>(count)};
  cjson::window_bytes = 1 << 20;
  cjson::scans_plain_elements = false;
  Outcome whole = read(source);
  require_sound(whole.failure, count);
  cjson::window_bytes = 64;
  cjson::scans_plain_elements = true;
  Outcome windows = read(source);
  require_sound(windows.failure, count);
  bool is_read = whole.failure.kind == CJSONFailureNone;
  REQUIRE(is_read == (windows.failure.kind == CJSONFailureNone));
  if (is_read) {
    std::string plain = whole.kept.plain(bytes, count);
    REQUIRE(whole == windows && is_json(reinterpret_cast<const uint8_t *>(plain.data()), plain.size()));
  }
  return 0;
}
