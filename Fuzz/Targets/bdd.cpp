// BDD100K labels: every box belongs to an image and a category that are there, texts end, and reading in windows gives
// what reading the whole gives, or both fail; what is taken is JSON in every part.
// fuzz: modules CSimdJSON CJSON
// fuzz: packages RapidJSON
// fuzz: link simdjson
// fuzz: dictionary json
#include "CJSON.h"
#include "is_json.hpp"
#include "list_reader.hpp"
#include "require.hpp"

#include <algorithm>
#include <cmath>

namespace {

cjson_bdd *read(const uint8_t *bytes, size_t count, int64_t window) {
  cjson::window_bytes = window;
  CJSONSource source{nullptr, bytes, static_cast<intptr_t>(count)};
  CJSONFailure failure{};
  cjson_bdd *result = nullptr;
  bool is_read = cjson_read_bdd(&source, 1, &result, &failure);
  require_sound(failure, count);
  REQUIRE(is_read == (failure.kind == CJSONFailureNone) && is_read == (result != nullptr));
  return result;
}

void require_whole(const cjson_bdd &read) {
  for (size_t place = 0; place < read.image_count; ++place) REQUIRE(std::strlen(read.images[place].name) > 0);
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

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  cjson_bdd *whole = read(bytes, count, 1 << 20);
  cjson_bdd *windows = read(bytes, count, 64);
  if (whole != nullptr) require_whole(*whole);
  if (windows != nullptr) require_whole(*windows);
  REQUIRE((whole == nullptr) == (windows == nullptr));
  if (whole != nullptr) REQUIRE(same(*whole, *windows) && is_json(bytes, count));
  if (whole != nullptr) cjson_bdd_free(whole);
  if (windows != nullptr) cjson_bdd_free(windows);
  return 0;
}
