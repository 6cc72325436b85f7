// Detections in COCO's results format: finite numbers, no negative sizes, the same both ways.
// fuzz: modules CSimdJSON CJSON
// fuzz: packages RapidJSON
// fuzz: link simdjson
// fuzz: dictionary json
#include "both_ways.hpp"

#include <cmath>

namespace {

struct Row {
  int64_t image, category;
  double box[4], score;
};

struct Outcome {
  std::vector<Row> rows;
  KeptElements kept; // none: what is odd is an error here
  CJSONFailure failure{};

  bool operator==(const Outcome &other) const {
    return rows.size() == other.rows.size() &&
           (rows.empty() || std::memcmp(rows.data(), other.rows.data(), rows.size() * sizeof(Row)) == 0);
  }
};

Outcome read(const CJSONSource &source) {
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

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) { return read_both_ways(bytes, count, read); }
