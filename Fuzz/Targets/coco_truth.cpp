// Truths in COCO's instances format: finite numbers, no negative sizes, texts in order, the same both ways.
// fuzz: modules CSimdJSON CJSON
// fuzz: packages RapidJSON
// fuzz: link simdjson
// fuzz: dictionary json
// fuzz: length 256
#include "both_ways.hpp"

#include <cmath>

namespace {

struct Outcome {
  std::vector<int64_t> numbers; // every whole number, in the order of the file
  std::vector<double> reals;
  std::string texts;
  KeptElements kept;
  int32_t missing = 0;
  int64_t rows = 0;
  CJSONFailure failure{};

  bool operator==(const Outcome &other) const {
    return numbers == other.numbers && texts == other.texts && reals == other.reals && kept == other.kept &&
           missing == other.missing;
  }
};

void gather(const CJSONTruthBlock &block, Outcome &outcome) {
  int64_t before = 0;
  outcome.kept.add(block.odd, block.oddCount, outcome.rows, block.count);
  outcome.rows += block.count;
  for (intptr_t place = 0; place < block.count; ++place) {
    outcome.numbers.push_back(block.kind);
    outcome.numbers.push_back(block.ids[place]);
    if (block.kind == CJSONTruthAnnotations) {
      outcome.numbers.push_back(block.imageIDs[place]);
      outcome.numbers.push_back(block.categoryIDs[place]);
      outcome.numbers.push_back(block.flags[place]);
      const double *box = block.boxes + 4 * place;
      for (int side = 0; side < 4; ++side) REQUIRE(std::isfinite(box[side]));
      REQUIRE(box[2] >= 0 && box[3] >= 0 && block.areas[place] >= 0);
      outcome.reals.insert(outcome.reals.end(), box, box + 4);
      outcome.reals.push_back(block.areas[place]);
      continue;
    }
    if (block.kind == CJSONTruthImages) {
      REQUIRE(block.widths[place] >= 0 && block.heights[place] >= 0);
      outcome.numbers.push_back(block.widths[place]);
      outcome.numbers.push_back(block.heights[place]);
      outcome.numbers.push_back(block.flags[place]);
    }
    REQUIRE(block.textEnds[place] >= before);
    outcome.texts.append(block.text + before, block.textEnds[place] - before).push_back('\n');
    before = block.textEnds[place];
  }
}

Outcome read(const CJSONSource &source) {
  Outcome outcome;
  CJSONTruthReader *reader = nullptr;
  if (!cjson_truth_open(&source, 1, &reader, &outcome.failure)) return outcome;
  for (;;) {
    CJSONTruthBlock block;
    if (!cjson_truth_next(reader, &block, &outcome.failure)) break;
    outcome.missing = block.missing;
    if (block.count == 0) break;
    gather(block, outcome);
    for (intptr_t place = 0; place < block.oddCount; ++place) {
      int64_t line = 0, column = 0;
      REQUIRE(cjson_truth_locate(reader, block.odd[place].offset, &line, &column, &outcome.failure));
      REQUIRE(line >= 1 && column >= 1);
    }
  }
  cjson_truth_close(reader);
  return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) { return read_both_ways(bytes, count, read); }
