// Detections in COCO's results format.
#include "fields.hpp"
#include "list_reader.hpp"

#include <optional>

using namespace cjson;

namespace {

const char *const keys[] = {"image_id", "category_id", "bbox", "score"};

class Detections final : public Elements {
public:
  void clear() override {
    imageIDs.clear();
    categoryIDs.clear();
    boxes.clear();
    scores.clear();
  }

  int64_t count() const override { return static_cast<int64_t>(scores.size()); }

  void read(simdjson::ondemand::object object, const char **at) override {
    const char *start = *at;
    int64_t image = 0, category = 0;
    Box corners;
    double score = 0;
    uint32_t met = each_known(object, keys, at, [&](int key, simdjson::ondemand::value value) {
      switch (key) {
      case 0: image = whole(value, keys[0], at); break;
      case 1: category = whole(value, keys[1], at); break;
      case 2: box(value, keys[2], at, corners.sides); break;
      default: score = number(value, keys[3], at);
      }
    });
    if (met != 0b1111) *at = start;
    need(met, 0b1111, keys);
    add(image, category, corners, score);
  }

  bool scan(Scanner &scanner) override {
    uint32_t met = 0;
    int64_t image = 0, category = 0;
    Box corners;
    double score = 0;
    scanner.take('{');
    scanner.space();
    for (bool ended = false; !ended;) {
      uint32_t bit = 0;
      bool is_read = false;
      if (scanner.key("\"image_id\"")) {
        bit = 1;
        is_read = scanner.whole(&image);
      } else if (scanner.key("\"category_id\"")) {
        bit = 2;
        is_read = scanner.whole(&category);
      } else if (scanner.key("\"bbox\"")) {
        bit = 4;
        is_read = scanner.box(corners.sides);
      } else if (scanner.key("\"score\"")) {
        bit = 8;
        is_read = scanner.real(&score);
      }
      if (!is_read || (met & bit) != 0 || !scanner.next_member(&ended)) return false;
      met |= bit;
    }
    if (met != 0b1111) return false;
    add(image, category, corners, score);
    return true;
  }

  std::vector<int64_t> imageIDs, categoryIDs;
  std::vector<Box> boxes;
  std::vector<double> scores;

private:
  void add(int64_t image, int64_t category, const Box &corners, double score) {
    imageIDs.push_back(image);
    categoryIDs.push_back(category);
    boxes.push_back(corners);
    scores.push_back(score);
  }
};

std::unique_ptr<Elements> make_detections() { return std::make_unique<Detections>(); }

} // namespace

struct CJSONResultsReader {
  CJSONResultsReader(const CJSONSource &from, int32_t threads)
      : source(from), list(source, "", threads, make_detections) {}

  // Moves to the first element; the file must be a list at its top.
  void start() {
    Cursor cursor(source);
    cursor.skip_mark();
    int first = cursor.token();
    if (first == '{')
      throw Problem{
          CJSONFailureContent, "expected a list of detections at the top, found an object",
          cursor.offset(), "", 0};
    cursor.expect('[', "a list of detections at the top");
    list.start(cursor.offset(), make_detections, "");
  }

  void finish() {
    Cursor cursor(source);
    cursor.move(list.end());
    if (cursor.token() >= 0) cursor.fail("expected the end of the file after the list");
  }

  Source source;
  ListReader list;
  bool finished = false;
};

extern "C" {

bool cjson_results_open(
    const CJSONSource *source, int32_t threads, CJSONResultsReader **reader, CJSONFailure *failure) {
  std::unique_ptr<CJSONResultsReader> made;
  return guard(
      failure,
      [&] {
        made = std::make_unique<CJSONResultsReader>(*source, threads);
        made->start();
        *reader = made.release();
      },
      [&]() -> const Source & { return made->source; });
}

bool cjson_results_next(CJSONResultsReader *reader, CJSONDetections *block, CJSONFailure *failure) {
  return guard(
      failure,
      [&] {
        *block = CJSONDetections{};
        if (reader->finished) return;
        auto *elements = static_cast<Detections *>(reader->list.next());
        if (elements == nullptr) {
          reader->finish();
          reader->finished = true;
          return;
        }
        block->count = elements->count();
        block->imageIDs = elements->imageIDs.data();
        block->categoryIDs = elements->categoryIDs.data();
        block->boxes = elements->boxes.data()->sides;
        block->scores = elements->scores.data();
      },
      [&]() -> const Source & { return reader->source; });
}

void cjson_results_close(CJSONResultsReader *reader) { delete reader; }
}
