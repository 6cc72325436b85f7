// Detections in COCO's results format: what scanning in windows gives must be what parsing the
// whole text gives, or both must fail; what is taken must be JSON in every part.
// fuzz: modules CSimdJSON CJSON
// fuzz: packages RapidJSON
// fuzz: link simdjson
// fuzz: dictionary json
#include "is_json.hpp"
#include "list_reader.hpp"
#include "require.hpp"

#include <cmath>

namespace {

struct Row {
  int64_t image, category;
  double box[4], score;
};

struct Outcome {
  std::vector<Row> rows;
  CJSONFailure failure{};
};

Outcome read(const uint8_t *bytes, size_t count, int64_t window, bool scans) {
  cjson::window_bytes = window;
  cjson::scans_plain_elements = scans;
  CJSONSource source{nullptr, bytes, static_cast<intptr_t>(count)};
  Outcome outcome;
  CJSONResultsReader *reader = nullptr;
  if (!cjson_results_open(&source, 1, &reader, &outcome.failure)) return outcome;
  for (;;) {
    CJSONDetections block;
    if (!cjson_results_next(reader, &block, &outcome.failure) || block.count == 0) break;
    for (intptr_t place = 0; place < block.count; ++place) {
      Row row{block.imageIDs[place], block.categoryIDs[place], {}, block.scores[place]};
      std::memcpy(row.box, block.boxes + 4 * place, sizeof row.box);
      for (double side : row.box) REQUIRE(std::isfinite(side));
      REQUIRE(std::isfinite(row.score) && row.box[2] >= 0 && row.box[3] >= 0);
      outcome.rows.push_back(row);
    }
  }
  cjson_results_close(reader);
  return outcome;
}

bool agree(const Outcome &one, const Outcome &other) {
  return one.rows.size() == other.rows.size() &&
         (one.rows.empty() || std::memcmp(one.rows.data(), other.rows.data(), one.rows.size() * sizeof(Row)) == 0);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  Outcome whole = read(bytes, count, 1 << 20, false);
  require_sound(whole.failure, count);
  Outcome windows = read(bytes, count, 64, true);
  require_sound(windows.failure, count);
  // Which of several errors is met first may differ.
  bool whole_reads = whole.failure.kind == CJSONFailureNone, windows_read = windows.failure.kind == CJSONFailureNone;
  REQUIRE(whole_reads == windows_read);
  if (whole_reads) REQUIRE(agree(whole, windows) && is_json(bytes, count));
  return 0;
}
