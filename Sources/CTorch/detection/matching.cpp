// Which truth every box or anchor belongs to, and which of them are sampled for a loss.
//
// A match is the number of a truth (counted over the whole batch), -1 for background, -2 for "neither". What would be
// background is neither when more than half of it lies in an ignored box: what is there, nobody has said. A truth's own
// boxes stay its own wherever they lie, as detections of it do when a detector is judged.
#include "grids.h"
#include "CTorchDetection.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

namespace detection {
namespace {

constexpr int64_t background = -1, neither = -2;

struct Thresholds {
  float low, high;
  bool keepsBestOfTruth; // a truth's best boxes belong to it even below the threshold (Ren et al. 2015)
};

// The best truth of every box of one image, and for every truth the boxes that overlap it most.
class Assignment {
public:
  Assignment(int64_t boxes, int64_t truths)
      : best(size_t(boxes), 0.0f), truth(size_t(boxes), -1), highest(size_t(truths), 0.0f),
        ties(size_t(truths)) {}

  void see(int64_t box, int64_t number, float iou) {
    if (iou > best[size_t(box)]) {
      best[size_t(box)] = iou;
      truth[size_t(box)] = number;
    }
    float &most = highest[size_t(number)];
    if (iou < most || iou <= 0) return;
    if (iou > most) ties[size_t(number)].clear();
    most = iou;
    ties[size_t(number)].push_back(box);
  }

  void write(const Thresholds &thresholds, int64_t firstTruth, int64_t *matches) const {
    for (size_t i = 0; i < best.size(); i++) {
      if (best[i] >= thresholds.high && truth[i] >= 0) {
        matches[i] = firstTruth + truth[i];
      } else {
        matches[i] = best[i] < thresholds.low ? background : neither;
      }
    }
    if (!thresholds.keepsBestOfTruth) return;
    for (const auto &boxes : ties) {
      for (int64_t i : boxes) matches[i] = firstTruth + truth[size_t(i)];
    }
  }

private:
  std::vector<float> best;
  std::vector<int64_t> truth;
  std::vector<float> highest;
  std::vector<std::vector<int64_t>> ties;
};

// The boxes of each image in which nothing is background; most batches have none.
struct Ignored {
  at::Tensor tensor;
  const Box *box = nullptr;
  std::vector<int64_t> start;

  Ignored(const ct_tensor *handle, const intptr_t *counts, intptr_t images) {
    if (!handle) return;
    tensor = plain(handle->value);
    start = starts(counts, images);
    TORCH_CHECK(start.back() == tensor.size(0), "the counts do not sum to the number of ignored boxes");
    box = boxes(tensor);
  }

  int64_t first(int64_t image) const { return box ? start[size_t(image)] : 0; }
  int64_t end(int64_t image) const { return box ? start[size_t(image) + 1] : 0; }
};

constexpr float mostIgnored = 0.5f;

void leaveOut(const Box &box, const Box &ignored, int64_t &match) {
  if (match == background && overlap(box, ignored) / box.area() > mostIgnored) match = neither;
}

at::Tensor matchBoxes(const at::Tensor &boxTensor, const std::vector<int64_t> &boxStart,
                      const at::Tensor &truthTensor, const std::vector<int64_t> &truthStart,
                      const Ignored &ignored, const Thresholds &thresholds) {
  const Box *box = boxes(boxTensor), *truth = boxes(truthTensor);
  at::Tensor matches = at::empty({boxTensor.size(0)}, at::kLong);
  int64_t *out = matches.mutable_data_ptr<int64_t>();
  ctorch::parallel(0, int64_t(boxStart.size()) - 1, 1, [&](int64_t from, int64_t to) {
    for (size_t image = size_t(from); image < size_t(to); image++) {
      int64_t first = boxStart[image], firstTruth = truthStart[image];
      int64_t truths = truthStart[image + 1] - firstTruth;
      Assignment assignment(boxStart[image + 1] - first, truths);
      for (int64_t t = 0; t < truths; t++) {
        for (int64_t i = first; i < boxStart[image + 1]; i++) {
          assignment.see(i - first, t, intersectionOverUnion(box[i], truth[firstTruth + t]));
        }
      }
      assignment.write(thresholds, firstTruth, out + first);
      for (int64_t j = ignored.first(int64_t(image)); j < ignored.end(int64_t(image)); j++) {
        for (int64_t i = first; i < boxStart[image + 1]; i++) leaveOut(box[i], ignored.box[j], out[i]);
      }
    }
  });
  return matches;
}

// Cells along one axis whose anchor, which spans from ..< to at cell 0, meets low ..< high.
std::pair<int64_t, int64_t> meeting(float from, float to, float low, float high, float stride, int64_t cells) {
  int64_t begin = int64_t(std::floor((low - to) / stride)) + 1;
  int64_t end = int64_t(std::ceil((high - from) / stride));
  return {std::clamp<int64_t>(begin, 0, cells), std::clamp<int64_t>(end, 0, cells)};
}

// Visits the anchors of a grid that meet a box, with their numbers; by cell, all shapes of a cell have one.
template <typename Visit>
void eachMeeting(const Grid &grid, const Box &box, int64_t firstCell, bool byCell, Visit visit) {
  for (int64_t s = 0; s < grid.shapeCount; s++) {
    const Box &shape = grid.shapes[s];
    auto [top, bottom] = meeting(shape.y0, shape.y1, box.y0, box.y1, grid.stride, grid.height);
    auto [left, right] = meeting(shape.x0, shape.x1, box.x0, box.x1, grid.stride, grid.width);
    for (int64_t y = top; y < bottom; y++) {
      for (int64_t x = left; x < right; x++) {
        int64_t cell = y * grid.width + x;
        visit(byCell ? firstCell + cell : grid.first + cell * grid.shapeCount + s, grid.anchor(cell, s));
      }
    }
  }
}

at::Tensor matchGrids(const Grids &grids, const at::Tensor &truthTensor,
                      const std::vector<int64_t> &truthStart, const Ignored &ignored, const Thresholds &thresholds,
                      bool byCell) {
  const Box *truth = boxes(truthTensor);
  int64_t images = int64_t(truthStart.size()) - 1, total = grids.total;
  std::vector<int64_t> firstCell(1, 0);
  for (const Grid &grid : grids.levels) firstCell.push_back(firstCell.back() + grid.height * grid.width);
  if (byCell) total = firstCell.back();
  at::Tensor matches = at::empty({images, total}, at::kLong);
  int64_t *out = matches.mutable_data_ptr<int64_t>();
  ctorch::parallel(0, images, 1, [&](int64_t from, int64_t to) {
    for (int64_t image = from; image < to; image++) {
      int64_t firstTruth = truthStart[size_t(image)];
      int64_t truths = truthStart[size_t(image) + 1] - firstTruth;
      Assignment assignment(total, truths);
      for (int64_t t = 0; t < truths; t++) {
        for (size_t l = 0; l < grids.levels.size(); l++) {
          const Box &own = truth[firstTruth + t];
          eachMeeting(grids.levels[l], own, firstCell[l], byCell, [&](int64_t i, const Box &anchor) {
            assignment.see(i, t, intersectionOverUnion(anchor, own));
          });
        }
      }
      int64_t *row = out + image * total;
      assignment.write(thresholds, firstTruth, row);
      for (int64_t j = ignored.first(image); j < ignored.end(image); j++) {
        for (size_t l = 0; l < grids.levels.size(); l++) {
          eachMeeting(grids.levels[l], ignored.box[j], firstCell[l], byCell,
                      [&](int64_t i, const Box &anchor) { leaveOut(anchor, ignored.box[j], row[i]); });
        }
      }
    }
  });
  return matches;
}

// Moves `count` members drawn at random to the front (Fisher–Yates, stopped early), in rising order.
void draw(std::vector<int64_t> &members, int64_t count, Mixer &mixer) {
  int64_t size = int64_t(members.size());
  if (count >= size) return;
  for (int64_t i = 0; i < count; i++) std::swap(members[size_t(i)], members[size_t(i + mixer.below(size - i))]);
  members.resize(size_t(count));
  std::sort(members.begin(), members.end());
}

struct Sample {
  std::vector<int64_t> positives, negatives;
};

// Samples of one image: at most `most * share` positives, filled up with background.
Sample sampled(const int64_t *matches, int64_t first, int64_t end, int64_t most, double share, Mixer mixer) {
  Sample sample;
  for (int64_t i = first; i < end; i++) {
    if (matches[i] >= 0) sample.positives.push_back(i);
    if (matches[i] == background) sample.negatives.push_back(i);
  }
  draw(sample.positives, int64_t(double(most) * share), mixer);
  draw(sample.negatives, most - int64_t(sample.positives.size()), mixer);
  return sample;
}

} // namespace
} // namespace detection

using ctorch::box;
using ctorch::guard;

extern "C" {
ct_status ct_match_boxes(const ct_tensor *boxes, const intptr_t *counts, const ct_tensor *truths,
                         const intptr_t *truth_counts, const ct_tensor *ignored, const intptr_t *ignored_counts,
                         intptr_t images, double low, double high, bool keeps_best_of_truth,
                         ct_tensor **out) noexcept {
  return guard([&] {
    auto boxStart = detection::starts(counts, images), truthStart = detection::starts(truth_counts, images);
    at::Tensor own = detection::plain(boxes->value), truth = detection::plain(truths->value);
    TORCH_CHECK(boxStart.back() == own.size(0) && truthStart.back() == truth.size(0),
                "the counts do not sum to the number of boxes or truths");
    *out = box(detection::matchBoxes(own, boxStart, truth, truthStart, {ignored, ignored_counts, images},
                                     {float(low), float(high), keeps_best_of_truth}));
  });
}

ct_status ct_match_grids(const ct_tensor *shapes, const intptr_t *shape_counts, const intptr_t *heights,
                         const intptr_t *widths, const double *strides, intptr_t levels,
                         const ct_tensor *truths, const intptr_t *truth_counts, const ct_tensor *ignored,
                         const intptr_t *ignored_counts, intptr_t images, double low, double high,
                         bool keeps_best_of_truth, bool by_cell, ct_tensor **out) noexcept {
  return guard([&] {
    auto truthStart = detection::starts(truth_counts, images);
    at::Tensor truth = detection::plain(truths->value);
    TORCH_CHECK(truthStart.back() == truth.size(0), "the counts do not sum to the number of truths");
    detection::Grids grids(shapes, shape_counts, heights, widths, strides, levels);
    *out = box(detection::matchGrids(grids, truth, truthStart, {ignored, ignored_counts, images},
                                     {float(low), float(high), keeps_best_of_truth}, by_cell));
  });
}

ct_status ct_sample_matches(const ct_tensor *matches, const intptr_t *counts, intptr_t images,
                            intptr_t first_image, intptr_t most, double positive_share, uint64_t seed,
                            ct_tensor **out, intptr_t *positives, intptr_t *negatives) noexcept {
  return guard([&] {
    at::Tensor all = detection::plainIndices(matches->value);
    auto start = detection::starts(counts, images);
    TORCH_CHECK(start.back() == all.numel(), "the counts do not sum to the number of matches");
    const int64_t *match = all.const_data_ptr<int64_t>();
    std::vector<detection::Sample> samples(static_cast<size_t>(images));
    ctorch::parallel(0, images, 1, [&](int64_t from, int64_t to) {
      for (size_t i = size_t(from); i < size_t(to); i++) {
        detection::Mixer mixer{seed + (uint64_t(first_image) + i) * 0xD1B54A32D192ED03ull};
        samples[i] = detection::sampled(match, start[i], start[i + 1], most, positive_share, mixer);
      }
    });
    std::vector<int64_t> indices;
    for (size_t i = 0; i < samples.size(); i++) {
      positives[i] = intptr_t(samples[i].positives.size());
      negatives[i] = intptr_t(samples[i].negatives.size());
      indices.insert(indices.end(), samples[i].positives.begin(), samples[i].positives.end());
      indices.insert(indices.end(), samples[i].negatives.begin(), samples[i].negatives.end());
    }
    *out = box(at::tensor(indices, at::kLong));
  });
}
}
