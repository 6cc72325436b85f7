// Truths in COCO's instances format: what scanning in windows gives must be what parsing the
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

struct Outcome {
  std::vector<int64_t> numbers; // every whole number, in the order of the file
  std::vector<double> reals;
  std::string texts;
  CJSONFailure failure{};
};

void gather(const CJSONTruthBlock &block, Outcome &outcome) {
  int64_t before = 0;
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
    }
    REQUIRE(block.textEnds[place] >= before);
    outcome.texts.append(block.text + before, block.textEnds[place] - before).push_back('\n');
    before = block.textEnds[place];
  }
}

Outcome read(const uint8_t *bytes, size_t count, int64_t window, bool scans) {
  cjson::window_bytes = window;
  cjson::scans_plain_elements = scans;
  CJSONSource source{nullptr, bytes, static_cast<intptr_t>(count)};
  Outcome outcome;
  CJSONTruthReader *reader = nullptr;
  if (!cjson_truth_open(&source, 1, &reader, &outcome.failure)) return outcome;
  for (;;) {
    CJSONTruthBlock block;
    if (!cjson_truth_next(reader, &block, &outcome.failure) || block.count == 0) break;
    gather(block, outcome);
  }
  cjson_truth_close(reader);
  return outcome;
}

bool agree(const Outcome &one, const Outcome &other) {
  return one.numbers == other.numbers && one.texts == other.texts && one.reals == other.reals;
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
