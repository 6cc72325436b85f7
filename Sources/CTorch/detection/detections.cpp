// From a head's scores and deltas to detections: floor, suppression per class, the best of each image.
#include "grids.h"
#include "CTorchDetection.h"

#include <ATen/ops/empty.h>

#include <numeric>

namespace detection {
namespace {

struct Candidate {
  Box box;
  int64_t label;
  float score;
};

struct Choice {
  float floor, iou;
  int64_t limit;
};

// Suppresses within each label and keeps the best; detections come out by falling score.
std::vector<Candidate> chosen(std::vector<Candidate> candidates, const Choice &choice) {
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate &a, const Candidate &b) {
    return a.label != b.label ? a.label < b.label : a.score > b.score;
  });
  std::vector<Candidate> result;
  std::vector<Box> sorted;
  std::vector<int64_t> kept;
  for (size_t first = 0; first < candidates.size();) {
    size_t end = first;
    sorted.clear();
    while (end < candidates.size() && candidates[end].label == candidates[first].label) {
      sorted.push_back(candidates[end++].box);
    }
    suppress(sorted.data(), int64_t(sorted.size()), choice.iou, choice.limit, kept);
    for (int64_t k : kept) result.push_back(candidates[first + size_t(k)]);
    first = end;
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const Candidate &a, const Candidate &b) { return a.score > b.score; });
  if (int64_t(result.size()) > choice.limit) result.resize(size_t(choice.limit));
  return result;
}

// The maps of a dense head: scores [n, shapes * classes, h, w] as logits, deltas [n, shapes * 4, h, w].
struct Dense {
  std::vector<Map> logits, deltas;
  const Grids &grids;
  int64_t classes, mostPerLevel;
};

// The best pairs of anchor and class on one level whose score is above the floor.
void collect(const Dense &dense, size_t l, int64_t image, float height, float width, const Coder &coder,
             float floor, std::vector<Candidate> &out) {
  const Grid &grid = dense.grids.levels[l];
  const Map &logits = dense.logits[l], &deltas = dense.deltas[l];
  float least = floor > 0 ? std::log(floor / (1 - floor)) : -INFINITY;
  std::vector<std::pair<float, int64_t>> found; // logit, (cell, shape, class) in one number
  int64_t channels = grid.shapeCount * dense.classes;
  for (int64_t cell = 0; cell < grid.height * grid.width; cell++) {
    const float *value = logits.cell(image, cell);
    for (int64_t c = 0; c < channels; c++) {
      float logit = value[c * logits.channelStride];
      if (logit > least) found.emplace_back(logit, cell * channels + c);
    }
  }
  auto before = [](const auto &a, const auto &b) { return a.first != b.first ? a.first > b.first : a.second < b.second; };
  if (int64_t(found.size()) > dense.mostPerLevel) {
    std::nth_element(found.begin(), found.begin() + dense.mostPerLevel, found.end(), before);
    found.resize(size_t(dense.mostPerLevel));
  }
  std::sort(found.begin(), found.end(), before);
  for (const auto &[logit, place] : found) {
    int64_t cell = place / channels, shape = place % channels / dense.classes, step = deltas.channelStride;
    const float *t = deltas.cell(image, cell) + 4 * shape * step;
    Box box = coder.decode(grid.anchor(cell, shape), t[0], t[step], t[2 * step], t[3 * step]);
    out.push_back({clipped(box, height, width), place % dense.classes, 1.0f / (1.0f + std::exp(-logit))});
  }
}

// The rows of a region head: scores [r, classes + 1] with background first, deltas [r, 4] or [r, 4 (classes + 1)].
struct Rows {
  at::Tensor regions, scores, deltas;
  const Box *region;
  const float *score, *delta;
  int64_t columns, deltaColumns;

  Rows(const ct_tensor *regionHandle, const ct_tensor *scoreHandle, const ct_tensor *deltaHandle)
      : regions(plain(regionHandle->value)), scores(plain(scoreHandle->value)), deltas(plain(deltaHandle->value)),
        region(boxes(regions)), score(scores.const_data_ptr<float>()), delta(deltas.const_data_ptr<float>()),
        columns(scores.size(1)), deltaColumns(deltas.size(1)) {
    TORCH_CHECK(scores.size(0) == regions.size(0) && deltas.size(0) == regions.size(0) &&
                    (deltaColumns == 4 || deltaColumns == 4 * columns),
                "scores ", scores.sizes(), " and deltas ", deltas.sizes(), " do not go together");
  }
};

constexpr float smallestSide = 0.01f;

void collect(const Rows &rows, int64_t first, int64_t end, float height, float width, const Coder &coder,
             float floor, std::vector<Candidate> &out) {
  for (int64_t r = first; r < end; r++) {
    for (int64_t c = 1; c < rows.columns; c++) {
      float score = rows.score[r * rows.columns + c];
      if (!(score > floor)) continue;
      const float *t = rows.delta + r * rows.deltaColumns + (rows.deltaColumns == 4 ? 0 : 4 * c);
      Box box = clipped(coder.decode(rows.region[r], t[0], t[1], t[2], t[3]), height, width);
      if (!(box.x1 - box.x0 >= smallestSide && box.y1 - box.y0 >= smallestSide)) continue;
      out.push_back({box, c - 1, score});
    }
  }
}

void write(const std::vector<std::vector<Candidate>> &images, ct_tensor **boxes, ct_tensor **labels,
           ct_tensor **scores, intptr_t *counts) {
  int64_t total = 0;
  for (const auto &image : images) total += int64_t(image.size());
  at::Tensor boxTensor = at::empty({total, 4}, at::kFloat), labelTensor = at::empty({total}, at::kLong);
  at::Tensor scoreTensor = at::empty({total}, at::kFloat);
  auto *box = reinterpret_cast<Box *>(boxTensor.mutable_data_ptr<float>());
  auto *label = labelTensor.mutable_data_ptr<int64_t>();
  auto *score = scoreTensor.mutable_data_ptr<float>();
  for (size_t i = 0; i < images.size(); i++) {
    counts[i] = intptr_t(images[i].size());
    for (const Candidate &candidate : images[i]) {
      *box++ = candidate.box;
      *label++ = candidate.label;
      *score++ = candidate.score;
    }
  }
  *boxes = ctorch::box(boxTensor);
  *labels = ctorch::box(labelTensor);
  *scores = ctorch::box(scoreTensor);
}

} // namespace
} // namespace detection

using ctorch::guard;

extern "C" {
ct_status ct_select_detections(const ct_tensor *regions, const ct_tensor *scores, const ct_tensor *deltas,
                               const double *deviations, const intptr_t *region_counts, const double *heights,
                               const double *widths, intptr_t images, double floor, double iou, intptr_t limit,
                               ct_tensor **out_boxes, ct_tensor **out_labels, ct_tensor **out_scores,
                               intptr_t *counts) noexcept {
  return guard([&] {
    using namespace detection;
    Rows rows(regions, scores, deltas);
    auto start = starts(region_counts, images);
    TORCH_CHECK(start.back() == rows.regions.size(0), "the counts do not sum to the number of regions");
    Coder coder(deviations);
    Choice choice{float(floor), float(iou), limit};
    std::vector<std::vector<Candidate>> results(static_cast<size_t>(images));
    ctorch::parallel(0, images, 1, [&](int64_t from, int64_t to) {
      for (size_t i = size_t(from); i < size_t(to); i++) {
        std::vector<Candidate> candidates;
        collect(rows, start[i], start[i + 1], float(heights[i]), float(widths[i]), coder, choice.floor, candidates);
        results[i] = chosen(std::move(candidates), choice);
      }
    });
    write(results, out_boxes, out_labels, out_scores, counts);
  });
}

ct_status ct_dense_detections(const ct_tensor *const *logits, const ct_tensor *const *deltas, intptr_t levels,
                              intptr_t classes, const ct_tensor *shapes, const intptr_t *shape_counts,
                              const double *strides, const double *deviations, const double *heights,
                              const double *widths, intptr_t images, double floor, intptr_t most_per_level,
                              double iou, intptr_t limit, ct_tensor **out_boxes, ct_tensor **out_labels,
                              ct_tensor **out_scores, intptr_t *counts) noexcept {
  return guard([&] {
    using namespace detection;
    std::vector<at::Tensor> logitMaps = floatMaps(logits, levels), deltaMaps = floatMaps(deltas, levels);
    std::vector<intptr_t> rows, columns;
    for (const auto &map : logitMaps) {
      TORCH_CHECK(map.size(0) == images, "the maps hold ", map.size(0), " images, not ", images);
      rows.push_back(map.size(2));
      columns.push_back(map.size(3));
    }
    Grids grids(shapes, shape_counts, rows.data(), columns.data(), strides, levels);
    Dense dense{{logitMaps.begin(), logitMaps.end()}, {deltaMaps.begin(), deltaMaps.end()}, grids, classes, most_per_level};
    for (size_t l = 0; l < size_t(levels); l++) {
      TORCH_CHECK(dense.logits[l].channels == shape_counts[l] * classes && dense.deltas[l].channels == 4 * shape_counts[l],
                  "level ", l, ": the maps do not hold ", classes, " classes for ", shape_counts[l], " anchors a cell");
    }
    Coder coder(deviations);
    Choice choice{float(floor), float(iou), limit};
    std::vector<std::vector<Candidate>> parts(static_cast<size_t>(images * levels)), results(static_cast<size_t>(images));
    ctorch::parallel(0, images * levels, 1, [&](int64_t from, int64_t to) {
      for (int64_t task = from; task < to; task++) {
        size_t image = size_t(task / levels), l = size_t(task % levels);
        collect(dense, l, int64_t(image), float(heights[image]), float(widths[image]), coder, choice.floor,
                parts[size_t(task)]);
      }
    });
    for (size_t i = 0; i < size_t(images); i++) {
      std::vector<Candidate> all;
      for (size_t l = 0; l < size_t(levels); l++) {
        const auto &part = parts[i * size_t(levels) + l];
        all.insert(all.end(), part.begin(), part.end());
      }
      results[i] = chosen(std::move(all), choice);
    }
    write(results, out_boxes, out_labels, out_scores, counts);
  });
}
}
