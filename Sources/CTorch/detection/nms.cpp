// Greedy non-maximum suppression.
#include "detection.h"
#include "CTorchDetection.h"

#include <ATen/ops/tensor.h>

#include <numeric>

namespace detection {

void rankByScore(const float *scores, int64_t count, std::vector<int64_t> &order) {
  order.resize(size_t(count));
  std::iota(order.begin(), order.end(), int64_t(0));
  std::sort(order.begin(), order.end(), [scores](int64_t a, int64_t b) {
    float left = std::isnan(scores[a]) ? -INFINITY : scores[a];
    float right = std::isnan(scores[b]) ? -INFINITY : scores[b];
    return left != right ? left > right : a < b;
  });
}

namespace {

// Coordinates apart, so that one box is compared with many at once.
struct Columns {
  std::vector<float> x0, y0, x1, y1, area;
  std::vector<int32_t> dead;

  Columns(const Box *boxes, int64_t count) {
    for (auto *column : {&x0, &y0, &x1, &y1, &area}) column->resize(size_t(count));
    dead.assign(size_t(count), 0);
    for (size_t i = 0; i < size_t(count); i++) {
      x0[i] = boxes[i].x0;
      y0[i] = boxes[i].y0;
      x1[i] = boxes[i].x1;
      y1[i] = boxes[i].y1;
      area[i] = boxes[i].area();
    }
  }
};

// Marks boxes from ..< to that overlap the box by more than the threshold.
CT_VECTORIZED
void markOverlaps(const float *__restrict x0, const float *__restrict y0, const float *__restrict x1,
                  const float *__restrict y1, const float *__restrict area, int32_t *__restrict dead,
                  int64_t from, int64_t to, Box box, float threshold) {
  float own = box.area();
  for (int64_t j = from; j < to; j++) {
    float width = std::min(box.x1, x1[j]) - std::max(box.x0, x0[j]);
    float height = std::min(box.y1, y1[j]) - std::max(box.y0, y0[j]);
    float common = std::max(width, 0.0f) * std::max(height, 0.0f);
    float ratio = common / (own + area[j] - common);
    dead[j] |= ratio > threshold ? 1 : 0;
  }
}

} // namespace

void suppress(const Box *sorted, int64_t count, float threshold, int64_t limit,
              std::vector<int64_t> &kept) {
  kept.clear();
  Columns columns(sorted, count);
  for (int64_t i = 0; i < count && int64_t(kept.size()) < limit; i++) {
    if (columns.dead[size_t(i)]) continue;
    kept.push_back(i);
    markOverlaps(columns.x0.data(), columns.y0.data(), columns.x1.data(), columns.y1.data(),
                 columns.area.data(), columns.dead.data(), i + 1, count, sorted[i], threshold);
  }
}

namespace {

using Members = std::vector<int64_t>;

// Members of every group, in order of falling score.
std::vector<Members> grouped(const std::vector<int64_t> &order, const at::Tensor &groups) {
  if (!groups.defined()) return {order};
  const int64_t *group = groups.const_data_ptr<int64_t>();
  std::vector<int64_t> names(group, group + groups.numel());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<Members> members(names.size());
  for (int64_t i : order) {
    auto place = std::lower_bound(names.begin(), names.end(), group[i]) - names.begin();
    members[size_t(place)].push_back(i);
  }
  return members;
}

at::Tensor nms(const at::Tensor &allBoxes, const at::Tensor &allScores, const at::Tensor &groups,
               double threshold, int64_t limit) {
  at::Tensor boxTensor = plain(allBoxes), scoreTensor = plain(allScores);
  const Box *box = boxes(boxTensor);
  int64_t count = boxTensor.size(0);
  TORCH_CHECK(scoreTensor.numel() == count, "there are ", count, " boxes, but ", scoreTensor.numel(), " scores");
  TORCH_CHECK(!groups.defined() || groups.numel() == count, "there are ", count, " boxes, but ",
              groups.numel(), " groups");
  std::vector<int64_t> order;
  rankByScore(scoreTensor.const_data_ptr<float>(), count, order);
  std::vector<Members> members = grouped(order, groups);
  std::vector<uint8_t> stays(size_t(count), 0);
  ctorch::parallel(0, int64_t(members.size()), 1, [&](int64_t from, int64_t to) {
    std::vector<Box> sorted;
    std::vector<int64_t> kept;
    for (int64_t g = from; g < to; g++) {
      const Members &own = members[size_t(g)];
      sorted.resize(own.size());
      for (size_t i = 0; i < own.size(); i++) sorted[i] = box[own[i]];
      suppress(sorted.data(), int64_t(own.size()), float(threshold), limit, kept);
      for (int64_t k : kept) stays[size_t(own[size_t(k)])] = 1;
    }
  });
  std::vector<int64_t> result;
  for (int64_t i : order) {
    if (int64_t(result.size()) == limit) break;
    if (stays[size_t(i)]) result.push_back(i);
  }
  return at::tensor(result, at::kLong);
}

} // namespace
} // namespace detection

using ctorch::box;
using ctorch::guard;

extern "C" {
ct_status ct_nms(const ct_tensor *boxes, const ct_tensor *scores, const ct_tensor *groups,
                 double threshold, intptr_t limit, ct_tensor **out) noexcept {
  return guard([&] {
    at::Tensor group = groups ? detection::plainIndices(groups->value) : at::Tensor();
    *out = box(detection::nms(boxes->value, scores->value, group, threshold, limit < 0 ? INT64_MAX : limit));
  });
}
}
