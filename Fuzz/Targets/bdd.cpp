// BDD100K labels: every box belongs to an image and a category that are there, names are not empty, the same both ways.
// fuzz: modules CSimdJSON CJSON
// fuzz: packages RapidJSON
// fuzz: link simdjson
// fuzz: dictionary json
// fuzz: length 256
#include "CJSON.h"
#include "both_ways.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace {

void require_whole(const cjson_bdd &read) {
  size_t next_odd = 0;
  for (size_t place = 0; place < read.image_count; ++place) {
    bool is_odd = next_odd < read.odd_count && read.odd[next_odd].row == static_cast<int64_t>(place);
    next_odd += is_odd ? 1 : 0;
    REQUIRE(is_odd == (std::strlen(read.images[place].name) == 0));
  }
  REQUIRE(next_odd == read.odd_count);
  for (size_t place = 0; place < read.category_count; ++place)
    REQUIRE(std::strlen(read.categories[place].name) > 0);
  for (size_t place = 0; place < read.box_count; ++place) {
    const cjson_bdd_box &box = read.boxes[place];
    REQUIRE(box.image >= 0 && box.image < static_cast<int64_t>(read.image_count));
    REQUIRE(box.category >= 0 && box.category < static_cast<int64_t>(read.category_count));
    for (double edge : box.box) REQUIRE(std::isfinite(edge));
  }
}

bool same(const cjson_bdd &left, const cjson_bdd &right) {
  bool alike = left.image_count == right.image_count && left.box_count == right.box_count &&
               left.category_count == right.category_count &&
               left.label_count_without_box == right.label_count_without_box;
  if (!alike) return false;
  for (size_t place = 0; place < left.image_count; ++place) {
    const auto &a = left.images[place], &b = right.images[place];
    if (std::strcmp(a.name, b.name) != 0 || std::strcmp(a.video, b.video) != 0) return false;
  }
  for (size_t place = 0; place < left.category_count; ++place)
    if (std::strcmp(left.categories[place].name, right.categories[place].name) != 0) return false;
  for (size_t place = 0; place < left.box_count; ++place) {
    const cjson_bdd_box &a = left.boxes[place], &b = right.boxes[place];
    if (a.image != b.image || a.category != b.category || a.is_crowd != b.is_crowd) return false;
    if (!std::equal(a.box, a.box + 4, b.box)) return false;
  }
  return true;
}

struct Outcome {
  std::unique_ptr<cjson_bdd, decltype(&cjson_bdd_free)> labels{nullptr, cjson_bdd_free};
  KeptElements kept;
  CJSONFailure failure{};

  bool operator==(const Outcome &other) const { return same(*labels, *other.labels) && kept == other.kept; }
};

Outcome read(const CJSONSource &source) {
  Outcome outcome;
  cjson_bdd *labels = nullptr;
  bool is_read = cjson_read_bdd(&source, 1, &labels, &outcome.failure);
  REQUIRE(is_read == (outcome.failure.kind == CJSONFailureNone) && is_read == (labels != nullptr));
  outcome.labels.reset(labels);
  if (!is_read) return outcome;
  require_whole(*labels);
  outcome.kept.add(labels->odd, static_cast<intptr_t>(labels->odd_count), 0, static_cast<int64_t>(labels->image_count));
  return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) { return read_both_ways(bytes, count, read); }
