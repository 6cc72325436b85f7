// Detections in COCO's results format: what scanning in windows gives must be what parsing the
// whole text gives, or both must fail.
// fuzz: modules CSimdJSON CJSON
// fuzz: link simdjson
// fuzz: dictionary json
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

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  Outcome whole = read(bytes, count, 1 << 20, false);
  require_sound(whole.failure, count);
  Outcome windows = read(bytes, count, 64, true);
  require_sound(windows.failure, count);
  // Which of several errors is met first may differ.
  REQUIRE((whole.failure.kind == CJSONFailureNone) == (windows.failure.kind == CJSONFailureNone));
  if (whole.failure.kind != CJSONFailureNone) return 0;
  REQUIRE(whole.rows.size() == windows.rows.size());
  REQUIRE(whole.rows.empty() || std::memcmp(whole.rows.data(), windows.rows.data(),
                                            whole.rows.size() * sizeof(Row)) == 0);
  return 0;
}
