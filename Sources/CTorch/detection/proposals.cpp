// From the maps of a region proposal network to proposals (Ren et al. 2015), without gradients.
#include "grids.h"
#include "CTorchDetection.h"

#include <ATen/ops/empty.h>

#include <numeric>

namespace detection {
namespace {

struct Limits {
  int64_t before, after; // proposals per level before suppression, per image after it
  float iou, smallest;
};

struct Scored {
  Box box;
  float score;
};

// The `most` best of the scores, in falling order; equal scores by rising position.
void best(const std::vector<float> &scores, int64_t most, std::vector<int64_t> &order) {
  order.resize(scores.size());
  std::iota(order.begin(), order.end(), int64_t(0));
  auto before = [&](int64_t a, int64_t b) {
    return scores[size_t(a)] != scores[size_t(b)] ? scores[size_t(a)] > scores[size_t(b)] : a < b;
  };
  if (most < int64_t(order.size())) {
    std::nth_element(order.begin(), order.begin() + most, order.end(), before);
    order.resize(size_t(most));
  }
  std::sort(order.begin(), order.end(), before);
}

void readScores(const Map &map, const Grid &grid, int64_t image, std::vector<float> &scores) {
  scores.resize(size_t(grid.count()));
  for (int64_t cell = 0, i = 0; cell < grid.height * grid.width; cell++) {
    const float *value = map.cell(image, cell);
    for (int64_t s = 0; s < grid.shapeCount; s++, i++) {
      float score = value[s * map.channelStride];
      scores[size_t(i)] = std::isnan(score) ? -INFINITY : score;
    }
  }
}

// The proposals of one image on one level, best first; `learnt` holds the level's anchors where they are not the grid's.
std::vector<Scored> propose(const Map &objectness, const Map &deltas, const Grid &grid, const Box *learnt, int64_t image,
                            float height, float width, const Coder &coder, const Limits &limits) {
  std::vector<float> scores;
  std::vector<int64_t> order, kept;
  readScores(objectness, grid, image, scores);
  best(scores, limits.before, order);
  std::vector<Box> box;
  std::vector<float> score;
  for (int64_t i : order) {
    if (scores[size_t(i)] == -INFINITY) break;
    int64_t cell = i / grid.shapeCount, shape = i % grid.shapeCount, step = deltas.channelStride;
    const float *t = deltas.cell(image, cell) + 4 * shape * step;
    Box anchor = learnt ? learnt[i] : grid.anchor(cell, shape);
    Box own = clipped(coder.decode(anchor, t[0], t[step], t[2 * step], t[3 * step]), height, width);
    if (!(own.x1 - own.x0 >= limits.smallest && own.y1 - own.y0 >= limits.smallest)) continue;
    box.push_back(own);
    score.push_back(scores[size_t(i)]);
  }
  suppress(box.data(), int64_t(box.size()), limits.iou, limits.after, kept);
  std::vector<Scored> result;
  for (int64_t k : kept) result.push_back({box[size_t(k)], score[size_t(k)]});
  return result;
}

// The best of all levels together.
std::vector<Scored> merged(const std::vector<Scored> *levels, size_t count, int64_t most) {
  std::vector<Scored> all;
  for (size_t l = 0; l < count; l++) all.insert(all.end(), levels[l].begin(), levels[l].end());
  std::stable_sort(all.begin(), all.end(), [](const Scored &a, const Scored &b) { return a.score > b.score; });
  if (int64_t(all.size()) > most) all.resize(size_t(most));
  return all;
}

void check(const std::vector<Map> &objectness, const std::vector<Map> &deltas, const Grids &grids) {
  for (size_t l = 0; l < grids.levels.size(); l++) {
    const Grid &grid = grids.levels[l];
    bool fits = objectness[l].channels == grid.shapeCount && deltas[l].channels == 4 * grid.shapeCount &&
                objectness[l].height == grid.height && deltas[l].height == grid.height &&
                objectness[l].width == grid.width && deltas[l].width == grid.width;
    TORCH_CHECK(fits, "level ", l, ": the maps do not fit a grid of ", grid.height, " x ", grid.width, " cells of ",
                grid.shapeCount, " anchors");
  }
}

} // namespace
} // namespace detection

using ctorch::box;
using ctorch::guard;

extern "C" {
ct_status ct_propose(const ct_tensor *const *objectness, const ct_tensor *const *deltas, intptr_t levels,
                     const ct_tensor *shapes, const intptr_t *shape_counts, const double *strides,
                     const ct_tensor *anchors, const double *deviations, const double *heights, const double *widths, intptr_t images,
                     intptr_t before, intptr_t after, double iou, double smallest, ct_tensor **boxes,
                     ct_tensor **scores, intptr_t *counts) noexcept {
  return guard([&] {
    using namespace detection;
    std::vector<at::Tensor> scoreMaps = floatMaps(objectness, levels), deltaMaps = floatMaps(deltas, levels);
    std::vector<Map> scoreMap(scoreMaps.begin(), scoreMaps.end()), deltaMap(deltaMaps.begin(), deltaMaps.end());
    std::vector<intptr_t> rows, columns;
    for (const Map &map : scoreMap) {
      TORCH_CHECK(map.images == images, "the maps hold ", map.images, " images, not ", images);
      rows.push_back(map.height);
      columns.push_back(map.width);
    }
    Grids grids(shapes, shape_counts, rows.data(), columns.data(), strides, levels);
    check(scoreMap, deltaMap, grids);
    at::Tensor learnt = anchors ? plain(anchors->value.detach()) : at::Tensor();
    TORCH_CHECK(!anchors || (learnt.dim() == 2 && learnt.size(0) == images * grids.total), "learnt anchors are [",
                images * grids.total, ", 4]");
    const Box *learntBoxes = anchors ? detection::boxes(learnt) : nullptr;
    Coder coder(deviations);
    Limits limits{before, after, float(iou), float(smallest)};
    std::vector<std::vector<Scored>> parts(static_cast<size_t>(images * levels));
    ctorch::parallel(0, images * levels, 1, [&](int64_t from, int64_t to) {
      for (int64_t task = from; task < to; task++) {
        size_t image = size_t(task / levels), l = size_t(task % levels);
        parts[image * size_t(levels) + l] =
            propose(scoreMap[l], deltaMap[l], grids.levels[l],
                    learntBoxes ? learntBoxes + int64_t(image) * grids.total + grids.levels[l].first : nullptr,
                    int64_t(image), float(heights[image]), float(widths[image]), coder, limits);
      }
    });
    std::vector<Scored> all;
    for (intptr_t image = 0; image < images; image++) {
      auto own = merged(parts.data() + image * levels, size_t(levels), after);
      counts[image] = intptr_t(own.size());
      all.insert(all.end(), own.begin(), own.end());
    }
    at::Tensor resultBoxes = at::empty({int64_t(all.size()), 4}, at::kFloat);
    at::Tensor resultScores = at::empty({int64_t(all.size())}, at::kFloat);
    auto *toBox = reinterpret_cast<Box *>(resultBoxes.mutable_data_ptr<float>());
    auto *toScore = resultScores.mutable_data_ptr<float>();
    for (size_t i = 0; i < all.size(); i++) {
      toBox[i] = all[i].box;
      toScore[i] = all[i].score;
    }
    *boxes = ctorch::box(resultBoxes);
    *scores = ctorch::box(resultScores);
  });
}
}
