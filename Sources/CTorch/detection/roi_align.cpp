// RoIAlign over the levels of a pyramid (He et al. 2017; levels by Lin et al. 2017, equation 1).
//
// The samples of a bin form a grid, and a bilinear weight is a product of one along y and one along x.
// So a bin is a small sum over rows times columns with like rows and columns merged, each term a
// run over channels that lie side by side in memory (channels last).
#include "detection.h"
#include "CTorchDetection.h"
#include "elements.h"

#include <ATen/ops/empty.h>

#include <torch/csrc/autograd/custom_function.h>

namespace detection {
namespace {

struct Settings {
  int64_t bins, ratio;
  bool aligned;
  double canonicalSize; // the side, in pixels, of a region that belongs to the level of stride 16
};

struct Term {
  int64_t index;
  float weight;
};

// The pixels along one axis that make the bins of a region, with their weights.
class Axis {
public:
  explicit Axis(int64_t bins) : first(size_t(bins) + 1) {}

  void fill(float start, float length, int64_t extent, int64_t ratio) {
    terms.clear();
    int64_t bins = int64_t(first.size()) - 1;
    float bin = length / float(bins);
    int64_t samples = ratio > 0 ? ratio : std::max<int64_t>(1, int64_t(std::ceil(bin)));
    for (int64_t b = 0; b < bins; b++) {
      first[size_t(b)] = int64_t(terms.size());
      for (int64_t s = 0; s < samples; s++) {
        float offset = (float(s) + 0.5f) * bin / float(samples);
        sample(start + float(b) * bin + offset, extent, 1.0f / float(samples), first[size_t(b)]);
      }
    }
    first[size_t(bins)] = int64_t(terms.size());
  }

  const Term *begin(int64_t bin) const { return terms.data() + first[size_t(bin)]; }
  const Term *end(int64_t bin) const { return terms.data() + first[size_t(bin) + 1]; }

private:
  std::vector<Term> terms;
  std::vector<int64_t> first;

  void sample(float position, int64_t extent, float share, int64_t from) {
    if (position < -1.0f || position > float(extent)) return;
    position = std::max(position, 0.0f);
    int64_t low = int64_t(position);
    if (low >= extent - 1) return add(extent - 1, share, from);
    float high = position - float(low);
    add(low, (1.0f - high) * share, from);
    add(low + 1, high * share, from);
  }

  void add(int64_t index, float weight, int64_t from) {
    for (size_t i = terms.size(); i > size_t(from);) {
      if (terms[--i].index == index) {
        terms[i].weight += weight;
        return;
      }
    }
    if (weight != 0) terms.push_back({index, weight});
  }
};

struct Sum {
  std::vector<int64_t> offsets;
  std::vector<float> weights;

  void fill(const Axis &rows, const Axis &columns, int64_t y, int64_t x, int64_t width, int64_t channels) {
    offsets.clear();
    weights.clear();
    for (const Term *row = rows.begin(y); row != rows.end(y); row++) {
      for (const Term *column = columns.begin(x); column != columns.end(x); column++) {
        offsets.push_back((row->index * width + column->index) * channels);
        weights.push_back(row->weight * column->weight);
      }
    }
  }
};

constexpr int64_t block = 32;

using c10::BFloat16;
using ctorch::get;
using ctorch::put;

// out[c * step] = the weighted sum of the pixels, for c in 0 ..< channels.
template <class Element>
[[gnu::always_inline]] inline
void weightedSumOf(const float *__restrict pixels, const Sum &terms, int64_t channels, Element *__restrict out,
                   int64_t step) {
  const int64_t *__restrict offsets = terms.offsets.data();
  const int64_t count = int64_t(terms.offsets.size());
  const float *__restrict weights = terms.weights.data();
  int64_t c = 0;
  for (; c + block <= channels; c += block) {
    float sum[block] = {0};
    for (int64_t k = 0; k < count; k++) {
      const float *pixel = pixels + offsets[k] + c;
      float weight = weights[k];
      for (int64_t i = 0; i < block; i++) sum[i] += weight * pixel[i];
    }
    for (int64_t i = 0; i < block; i++) put(sum[i], out[(c + i) * step]);
  }
  for (; c < channels; c++) {
    float sum = 0;
    for (int64_t k = 0; k < count; k++) sum += weights[k] * pixels[offsets[k] + c];
    put(sum, out[c * step]);
  }
}

// pixels[offset + c] += weight * gradient[c * step], for c in 0 ..< channels.
template <class Element>
[[gnu::always_inline]] inline
void spreadOf(float *__restrict pixels, const Sum &terms, int64_t channels, const Element *__restrict gradient,
              int64_t step) {
  const int64_t *__restrict offsets = terms.offsets.data();
  const int64_t count = int64_t(terms.offsets.size());
  const float *__restrict weights = terms.weights.data();
  int64_t c = 0;
  for (; c + block <= channels; c += block) {
    float own[block];
    for (int64_t i = 0; i < block; i++) own[i] = get(gradient[(c + i) * step]);
    for (int64_t k = 0; k < count; k++) {
      float *pixel = pixels + offsets[k] + c;
      float weight = weights[k];
      for (int64_t i = 0; i < block; i++) pixel[i] += weight * own[i];
    }
  }
  for (; c < channels; c++) {
    for (int64_t k = 0; k < count; k++) pixels[offsets[k] + c] += weights[k] * get(gradient[c * step]);
  }
}

// What is compiled twice cannot be a template.
CT_VECTORIZED
void weightedSum(const float *pixels, const Sum &sum, int64_t channels, float *out, int64_t step) {
  weightedSumOf(pixels, sum, channels, out, step);
}
CT_VECTORIZED
void weightedSum(const float *pixels, const Sum &sum, int64_t channels, BFloat16 *out, int64_t step) {
  weightedSumOf(pixels, sum, channels, out, step);
}
CT_VECTORIZED
void spread(float *pixels, const Sum &sum, int64_t channels, const float *gradient, int64_t step) {
  spreadOf(pixels, sum, channels, gradient, step);
}
CT_VECTORIZED
void spread(float *pixels, const Sum &sum, int64_t channels, const BFloat16 *gradient, int64_t step) {
  spreadOf(pixels, sum, channels, gradient, step);
}

// The regions of a batch: boxes grouped by image, and the level each is pooled from.
struct Regions {
  at::Tensor boxes;                // [R, 4]
  std::vector<int64_t> imageStart; // images + 1
  std::vector<double> strides;     // per level
  std::vector<int32_t> level;      // R

  void assignLevels(double canonicalSize) {
    const Box *box = detection::boxes(boxes);
    level.resize(size_t(boxes.size(0)));
    int64_t finest = int64_t(std::lround(std::log2(strides.front())));
    int64_t coarsest = finest + int64_t(strides.size()) - 1;
    for (size_t i = 0; i < level.size(); i++) {
      float side = std::sqrt(std::max(box[i].area(), 0.0f));
      float exact = 4.0f + std::log2(side / float(canonicalSize)) + 1e-6f;
      int64_t own = side > 0 ? int64_t(std::floor(exact)) : finest;
      level[i] = int32_t(std::clamp(own, finest, coarsest) - finest);
    }
  }
};

// Fills the axes of a region in the coordinates of its level.
void place(const Box &box, double stride, const Settings &settings, int64_t height, int64_t width,
           Axis &rows, Axis &columns) {
  float scale = float(1.0 / stride);
  float shift = settings.aligned ? 0.5f : 0.0f;
  float x0 = box.x0 * scale - shift, y0 = box.y0 * scale - shift;
  float w = box.x1 * scale - shift - x0, h = box.y1 * scale - shift - y0;
  if (!settings.aligned) {
    w = std::max(w, 1.0f);
    h = std::max(h, 1.0f);
  }
  rows.fill(y0, h, height, settings.ratio);
  columns.fill(x0, w, width, settings.ratio);
}

int64_t imageOf(const std::vector<int64_t> &starts, int64_t region) {
  return std::upper_bound(starts.begin(), starts.end(), region) - starts.begin() - 1;
}

// Levels are float32; what is pooled is float32 or bfloat16.
template <class Element>
at::Tensor pool(const std::vector<at::Tensor> &levels, const Regions &regions, const Settings &settings) {
  int64_t channels = levels[0].size(1), bins = settings.bins, area = bins * bins;
  int64_t count = regions.boxes.size(0);
  at::Tensor out = at::empty({count, channels, bins, bins}, c10::CppTypeToScalarType<Element>::value);
  std::vector<const float *> data;
  for (const auto &level : levels) data.push_back(level.const_data_ptr<float>());
  const Box *box = boxes(regions.boxes);
  Element *result = out.mutable_data_ptr<Element>();
  ctorch::parallel(0, count, 4, [&](int64_t from, int64_t to) {
    Axis rows(bins), columns(bins);
    Sum sum;
    for (int64_t r = from; r < to; r++) {
      size_t l = size_t(regions.level[size_t(r)]);
      int64_t height = levels[l].size(2), width = levels[l].size(3);
      const float *image = data[l] + imageOf(regions.imageStart, r) * height * width * channels;
      place(box[r], regions.strides[l], settings, height, width, rows, columns);
      for (int64_t b = 0; b < area; b++) {
        sum.fill(rows, columns, b / bins, b % bins, width, channels);
        weightedSum(image, sum, channels, result + r * channels * area + b, area);
      }
    }
  });
  return out;
}

// Threads share the work by image and, when images are few, by channels, so that no two write to the
// same place and the result does not depend on their number.
template <class Element>
void unpool(const at::Tensor &gradient, const Regions &regions, const Settings &settings,
            std::vector<at::Tensor> &levels) {
  int64_t channels = gradient.size(1), bins = settings.bins, area = bins * bins;
  int64_t images = int64_t(regions.imageStart.size()) - 1;
  int64_t most = std::max<int64_t>(1, channels / block);
  int64_t parts = std::clamp<int64_t>((2 * at::get_num_threads() + images - 1) / std::max<int64_t>(images, 1), 1, most);
  int64_t blocks = (channels + block - 1) / block, perPart = (blocks + parts - 1) / parts * block;
  const Box *box = boxes(regions.boxes);
  const Element *given = gradient.const_data_ptr<Element>();
  std::vector<float *> data;
  for (auto &level : levels) data.push_back(level.mutable_data_ptr<float>());
  ctorch::parallel(0, images * parts, 1, [&](int64_t from, int64_t to) {
    Axis rows(bins), columns(bins);
    Sum sum;
    for (int64_t task = from; task < to; task++) {
      int64_t image = task / parts, first = task % parts * perPart;
      int64_t own = std::min(perPart, channels - first);
      if (own <= 0) continue;
      for (int64_t r = regions.imageStart[size_t(image)]; r < regions.imageStart[size_t(image) + 1]; r++) {
        size_t l = size_t(regions.level[size_t(r)]);
        int64_t height = levels[l].size(2), width = levels[l].size(3);
        float *pixels = data[l] + image * height * width * channels + first;
        place(box[r], regions.strides[l], settings, height, width, rows, columns);
        for (int64_t b = 0; b < area; b++) {
          sum.fill(rows, columns, b / bins, b % bins, width, channels);
          spread(pixels, sum, own, given + (r * channels + first) * area + b, area);
        }
      }
    }
  });
}

// What the backward pass needs besides tensors.
struct Held : torch::CustomClassHolder {
  Regions regions;
  Settings settings;
  std::vector<std::vector<int64_t>> shapes;
};

class RoIAlign : public torch::autograd::Function<RoIAlign> {
public:
  static at::Tensor forward(torch::autograd::AutogradContext *context, at::TensorList levels,
                            c10::intrusive_ptr<Held> held) {
    std::vector<at::Tensor> maps;
    for (const auto &level : levels) {
      maps.push_back(ctorch::channelsLast(level.to(at::kFloat)));
      held->shapes.push_back(level.sizes().vec());
    }
    context->saved_data["held"] = c10::IValue::make_capsule(held);
    // What the next layer computes in, without a copy of what is by far the largest tensor of a step.
    bool isHalf = levels[0].scalar_type() == at::kBFloat16;
    return isHalf ? pool<BFloat16>(maps, held->regions, held->settings)
                  : pool<float>(maps, held->regions, held->settings);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    auto held = c10::static_intrusive_pointer_cast<Held>(context->saved_data["held"].toCapsule());
    bool isHalf = gradients[0].scalar_type() == at::kBFloat16;
    at::Tensor gradient = isHalf ? gradients[0].contiguous() : plain(gradients[0]);
    std::vector<at::Tensor> levels;
    for (const auto &shape : held->shapes) {
      // Not at::zeros, which ignores the memory format.
      levels.push_back(at::empty(shape, at::TensorOptions(at::kFloat).memory_format(at::MemoryFormat::ChannelsLast)).zero_());
    }
    auto spreadOut = isHalf ? unpool<BFloat16> : unpool<float>;
    spreadOut(gradient, held->regions, held->settings, levels);
    levels.emplace_back(); // the settings have no gradient
    return levels;
  }
};

void check(const std::vector<at::Tensor> &levels, const Regions &regions) {
  TORCH_CHECK(!levels.empty(), "RoIAlign needs at least one level");
  TORCH_CHECK(regions.imageStart.back() == regions.boxes.size(0), "there are ", regions.boxes.size(0),
              " regions, but the counts sum to ", regions.imageStart.back());
  int64_t images = int64_t(regions.imageStart.size()) - 1;
  for (const auto &level : levels) {
    TORCH_CHECK(level.dim() == 4 && level.size(0) == images && level.size(1) == levels[0].size(1),
                "levels are [", images, ", ", levels[0].size(1), ", height, width], not ", level.sizes());
  }
}

} // namespace
} // namespace detection

using ctorch::box;
using ctorch::guard;

extern "C" {
ct_status ct_roi_align(const ct_tensor *const *levels, const double *strides, intptr_t level_count,
                       const ct_tensor *regions, const intptr_t *counts, intptr_t images, intptr_t bins,
                       intptr_t sampling_ratio, bool aligned, double canonical_size,
                       ct_tensor **out) noexcept {
  return guard([&] {
    auto held = c10::make_intrusive<detection::Held>();
    held->settings = {bins, sampling_ratio, aligned, canonical_size};
    held->regions.boxes = detection::plain(regions->value.detach());
    held->regions.imageStart = detection::starts(counts, images);
    held->regions.strides.assign(strides, strides + level_count);
    std::vector<at::Tensor> maps = ctorch::tensors(levels, level_count);
    detection::check(maps, held->regions);
    held->regions.assignLevels(canonical_size);
    at::Tensor pooled = detection::RoIAlign::apply(at::TensorList(maps), held);
    *out = box(pooled);
  });
}
}
