// Group normalisation (Wu & He 2018) of channels-last maps, with what follows it, and its gradients.
//
// libtorch's kernel for this layout is several times slower, backwards most of all. Pixels are summed in parts
// of a fixed size, so that results do not depend on the number of threads. Maps are float32 or bfloat16, parameters
// and sums float32.
#include "CTorchLayers.h"
#include "detection.h"
#include "elements.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/group_norm.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace ctorch;

namespace {
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t part = 256; // pixels that are summed together in float32

// All of these work channel by channel over so many pixels, on x as its distance from a centre: what is summed
// stays small, so that float32 is enough.

// sums += x - centre, squares += (x - centre)².
template <class Element>
[[gnu::always_inline]] inline
void addPixelsOf(const Element *__restrict x, const float *__restrict centre, int64_t pixels, int64_t channels,
                 float *__restrict sums, float *__restrict squares) {
  for (int64_t p = 0; p < pixels; p++, x += channels) {
    for (int64_t c = 0; c < channels; c++) {
      float distance = get(x[c]) - centre[c];
      sums[c] += distance;
      squares[c] += distance * distance;
    }
  }
}

// sums += g, products += g * (x - centre); with y, only where it is positive.
template <class Element>
[[gnu::always_inline]] inline
void addGradientsOf(const Element *__restrict g, const Element *__restrict y, const Element *__restrict x,
                    const float *__restrict centre, int64_t pixels, int64_t channels, float *__restrict sums,
                    float *__restrict products) {
  for (int64_t p = 0; p < pixels; p++, g += channels, x += channels) {
    if (y == nullptr) {
      for (int64_t c = 0; c < channels; c++) {
        sums[c] += get(g[c]);
        products[c] += get(g[c]) * (get(x[c]) - centre[c]);
      }
      continue;
    }
    for (int64_t c = 0; c < channels; c++) {
      float gradient = get(g[c]), passed = get(y[c]) > 0 ? gradient : 0.0f; // read in any case: vectors do
      sums[c] += passed;
      products[c] += passed * (get(x[c]) - centre[c]);
    }
    y += channels;
  }
}

struct Scale {
  const float *centre, *scale, *shift; // y = (x - centre) * scale + shift
};

// y, then the residual and the ReLU.
template <class Element>
[[gnu::always_inline]] inline
void scalePixelsOf(const Element *__restrict x, const Element *__restrict residual, bool relu, int64_t pixels,
                   int64_t channels, Scale scale, Element *__restrict y) {
  const float *__restrict m = scale.centre, *__restrict a = scale.scale, *__restrict b = scale.shift;
  float low = relu ? 0.0f : -INFINITY;
  for (int64_t p = 0; p < pixels; p++, x += channels, y += channels) {
    if (residual == nullptr) {
      for (int64_t c = 0; c < channels; c++) {
        float value = (get(x[c]) - m[c]) * a[c] + b[c];
        put(value < low ? low : value, y[c]);
      }
    } else {
      for (int64_t c = 0; c < channels; c++) {
        float value = (get(x[c]) - m[c]) * a[c] + b[c] + get(residual[c]);
        put(value < low ? low : value, y[c]);
      }
      residual += channels;
    }
  }
}

struct Slope {
  const float *centre, *ofGradient, *ofX, *constant; // dx = g * ofGradient + (x - centre) * ofX + constant
};

// The gradient along x, and along the residual (which is the gradient where the ReLU let it pass).
template <class Element>
[[gnu::always_inline]] inline
void slopePixelsOf(const Element *__restrict g, const Element *__restrict y, const Element *__restrict x, int64_t pixels,
                   int64_t channels, Slope slope, Element *__restrict dx, Element *__restrict dResidual) {
  const float *__restrict m = slope.centre, *__restrict k = slope.constant;
  const float *__restrict a = slope.ofGradient, *__restrict b = slope.ofX;
  for (int64_t p = 0; p < pixels; p++, g += channels, x += channels, dx += channels) {
    if (y == nullptr) {
      for (int64_t c = 0; c < channels; c++) put(get(g[c]) * a[c] + (get(x[c]) - m[c]) * b[c] + k[c], dx[c]);
      continue;
    }
    if (dResidual == nullptr) {
      for (int64_t c = 0; c < channels; c++) {
        float gradient = get(g[c]), passed = get(y[c]) > 0 ? gradient : 0.0f; // read in any case: vectors do
        put(passed * a[c] + (get(x[c]) - m[c]) * b[c] + k[c], dx[c]);
      }
    } else {
      for (int64_t c = 0; c < channels; c++) {
        float gradient = get(g[c]), passed = get(y[c]) > 0 ? gradient : 0.0f; // read in any case: vectors do
        put(passed, dResidual[c]);
        put(passed * a[c] + (get(x[c]) - m[c]) * b[c] + k[c], dx[c]);
      }
      dResidual += channels;
    }
    y += channels;
  }
}

using c10::BFloat16;

CT_VECTORIZED
void addPixels(const float *x, const float *centre, int64_t pixels, int64_t channels, float *sums, float *squares) {
  addPixelsOf(x, centre, pixels, channels, sums, squares);
}
CT_VECTORIZED
void addPixels(const BFloat16 *x, const float *centre, int64_t pixels, int64_t channels, float *sums, float *squares) {
  addPixelsOf(x, centre, pixels, channels, sums, squares);
}

CT_VECTORIZED
void addGradients(const float *g, const float *y, const float *x, const float *centre, int64_t pixels, int64_t channels,
                  float *sums, float *products) {
  addGradientsOf(g, y, x, centre, pixels, channels, sums, products);
}
CT_VECTORIZED
void addGradients(const BFloat16 *g, const BFloat16 *y, const BFloat16 *x, const float *centre, int64_t pixels,
                  int64_t channels, float *sums, float *products) {
  addGradientsOf(g, y, x, centre, pixels, channels, sums, products);
}

CT_VECTORIZED
void scalePixels(const float *x, const float *residual, bool relu, int64_t pixels, int64_t channels, Scale scale,
                 float *y) {
  scalePixelsOf(x, residual, relu, pixels, channels, scale, y);
}
CT_VECTORIZED
void scalePixels(const BFloat16 *x, const BFloat16 *residual, bool relu, int64_t pixels, int64_t channels, Scale scale,
                 BFloat16 *y) {
  scalePixelsOf(x, residual, relu, pixels, channels, scale, y);
}

CT_VECTORIZED
void slopePixels(const float *g, const float *y, const float *x, int64_t pixels, int64_t channels, Slope slope,
                 float *dx, float *dResidual) {
  slopePixelsOf(g, y, x, pixels, channels, slope, dx, dResidual);
}
CT_VECTORIZED
void slopePixels(const BFloat16 *g, const BFloat16 *y, const BFloat16 *x, int64_t pixels, int64_t channels, Slope slope,
                 BFloat16 *dx, BFloat16 *dResidual) {
  slopePixelsOf(g, y, x, pixels, channels, slope, dx, dResidual);
}

// The size of a batch of maps, and its parts of pixels.
struct Extent {
  int64_t images, channels, pixels, groups, parts;

  Extent(const at::Tensor &x, int64_t groups)
      : images(x.size(0)), channels(x.size(1)), pixels(x.numel() / std::max<int64_t>(1, images * channels)),
        groups(groups), parts((pixels + part - 1) / part) {}

  int64_t perGroup() const { return channels / groups; }
  int64_t offset(int64_t task) const { return (task / parts * pixels + task % parts * part) * channels; }
  int64_t length(int64_t task) const { return std::min(part, pixels - task % parts * part); }

  template <class Body> void forParts(Body &&body) const {
    int64_t grain = std::max<int64_t>(1, 16384 / (part * channels));
    ctorch::parallel(0, images * parts, grain, [&](int64_t from, int64_t to) {
      for (int64_t task = from; task < to; task++) body(task);
    });
  }
};

// Two sums over the pixels of every image and channel, [images, channels] each.
struct Sums {
  std::vector<double> first, second;

  // add(task, sums, products) adds up a part.
  template <class Add> Sums(const Extent &extent, Add &&add) {
    size_t channels = size_t(extent.channels);
    std::vector<float> partial(size_t(extent.images * extent.parts) * 2 * channels, 0.0f);
    extent.forParts([&](int64_t task) {
      float *own = partial.data() + size_t(task) * 2 * channels;
      add(task, own, own + channels);
    });
    first.assign(size_t(extent.images) * channels, 0), second = first;
    for (int64_t task = 0; task < extent.images * extent.parts; task++) {
      const float *own = partial.data() + size_t(task) * 2 * channels;
      size_t to = size_t(task / extent.parts) * channels;
      for (size_t c = 0; c < channels; c++) first[to + c] += own[c], second[to + c] += own[channels + c];
    }
  }
};

// Means and reciprocal deviations, one for each image and channel, alike within a group.
struct Statistics {
  at::Tensor mean, inverse; // [images, channels]

  Statistics(at::Tensor mean, at::Tensor inverse) : mean(std::move(mean)), inverse(std::move(inverse)) {}

  template <class Element>
  Statistics(const Element *data, const Extent &extent, double epsilon)
      : mean(at::empty({extent.images, extent.channels}, at::kFloat)), inverse(at::empty_like(mean)) {
    float *means = mean.mutable_data_ptr<float>(), *inverses = inverse.mutable_data_ptr<float>();
    size_t channels = size_t(extent.channels), image = size_t(extent.pixels) * channels;
    // Distances are from the image's first pixel.
    std::vector<float> centre(size_t(extent.images) * channels);
    for (size_t i = 0; i < centre.size(); i++) centre[i] = get(data[i / channels * image + i % channels]);
    Sums sums(extent, [&](int64_t task, float *sum, float *squares) {
      addPixels(data + extent.offset(task), centre.data() + task / extent.parts * extent.channels, extent.length(task),
                extent.channels, sum, squares);
    });
    double pixels = double(extent.pixels), count = pixels * double(extent.perGroup());
    for (int64_t group = 0; group < extent.images * extent.groups; group++) {
      size_t first = size_t(group * extent.perGroup()), end = first + size_t(extent.perGroup());
      auto channelMean = [&](size_t i) { return centre[i] + sums.first[i] / pixels; };
      double average = 0, variance = 0;
      for (size_t i = first; i < end; i++) average += channelMean(i) / double(extent.perGroup());
      for (size_t i = first; i < end; i++) {
        double offset = channelMean(i) - average;
        variance += (sums.second[i] - sums.first[i] * sums.first[i] / pixels + pixels * offset * offset) / count;
      }
      double own = 1 / std::sqrt(std::max(0.0, variance) + epsilon);
      std::fill(means + first, means + end, float(average));
      std::fill(inverses + first, inverses + end, float(own));
    }
  }
};

template <class Element>
at::Tensor forward(const at::Tensor &x, const Extent &extent, const Statistics &statistics, const at::Tensor &weight,
                   const at::Tensor &bias, const at::Tensor &residual, bool relu) {
  const float *gamma = weight.const_data_ptr<float>(), *beta = bias.const_data_ptr<float>();
  const float *mean = statistics.mean.const_data_ptr<float>(), *inverse = statistics.inverse.const_data_ptr<float>();
  std::vector<float> scale(size_t(extent.images * extent.channels));
  for (size_t i = 0; i < scale.size(); i++) scale[i] = gamma[i % size_t(extent.channels)] * inverse[i];
  at::Tensor y = at::empty_like(x);
  const Element *from = x.const_data_ptr<Element>();
  const Element *added = residual.defined() ? residual.const_data_ptr<Element>() : nullptr;
  Element *to = y.mutable_data_ptr<Element>();
  extent.forParts([&](int64_t task) {
    int64_t at = extent.offset(task), channel = task / extent.parts * extent.channels;
    scalePixels(from + at, added ? added + at : nullptr, relu, extent.length(task), extent.channels,
                Scale{mean + channel, scale.data() + channel, beta}, to + at);
  });
  return y;
}

// Gradients along x, weight, bias and residual. `y` is the result where a ReLU follows, else undefined.
template <class Element>
variable_list backward(const at::Tensor &gradient, const at::Tensor &x, const at::Tensor &y, const at::Tensor &weight,
                       const Statistics &statistics, const Extent &extent, bool hasResidual) {
  const Element *g = gradient.const_data_ptr<Element>(), *in = x.const_data_ptr<Element>();
  const Element *out = y.defined() ? y.const_data_ptr<Element>() : nullptr;
  const float *mean = statistics.mean.const_data_ptr<float>(), *inverse = statistics.inverse.const_data_ptr<float>();
  const float *gamma = weight.const_data_ptr<float>();
  Sums sums(extent, [&](int64_t task, float *sum, float *products) {
    int64_t at = extent.offset(task);
    addGradients(g + at, out ? out + at : nullptr, in + at, mean + task / extent.parts * extent.channels,
                 extent.length(task), extent.channels, sum, products);
  });
  size_t channels = size_t(extent.channels);
  std::vector<double> dGamma(channels, 0), dBeta(channels, 0);
  std::vector<float> a(sums.first.size()), b(a.size()), k(a.size());
  double count = double(extent.pixels * extent.perGroup());
  for (int64_t group = 0; group < extent.images * extent.groups; group++) {
    double sum = 0, product = 0;
    size_t first = size_t(group * extent.perGroup()), end = first + size_t(extent.perGroup());
    for (size_t i = first; i < end; i++) {
      double along = sums.second[i] * inverse[i];
      sum += gamma[i % channels] * sums.first[i];
      product += gamma[i % channels] * along;
      dGamma[i % channels] += along;
      dBeta[i % channels] += sums.first[i];
    }
    for (size_t i = first; i < end; i++) {
      double own = inverse[i];
      a[i] = float(gamma[i % channels] * own), b[i] = float(-product * own * own / count), k[i] = float(-sum * own / count);
    }
  }
  at::Tensor dx = at::empty_like(x), dResidual;
  if (hasResidual) dResidual = y.defined() ? at::empty_like(x) : gradient;
  Element *to = dx.mutable_data_ptr<Element>();
  Element *passed = hasResidual && y.defined() ? dResidual.mutable_data_ptr<Element>() : nullptr;
  extent.forParts([&](int64_t task) {
    int64_t at = extent.offset(task), channel = task / extent.parts * extent.channels;
    Slope slope{mean + channel, a.data() + channel, b.data() + channel, k.data() + channel};
    slopePixels(g + at, out ? out + at : nullptr, in + at, extent.length(task), extent.channels, slope, to + at,
                passed ? passed + at : nullptr);
  });
  at::Tensor weightGradient = at::empty_like(weight), biasGradient = at::empty_like(weight);
  std::copy(dGamma.begin(), dGamma.end(), weightGradient.mutable_data_ptr<float>());
  std::copy(dBeta.begin(), dBeta.end(), biasGradient.mutable_data_ptr<float>());
  return {dx, weightGradient, biasGradient, dResidual};
}

class GroupNorm : public torch::autograd::Function<GroupNorm> {
public:
  static at::Tensor forward(AutogradContext *context, const at::Tensor &given, const at::Tensor &weight,
                            const at::Tensor &bias, const std::optional<at::Tensor> &residual, int64_t groups,
                            double epsilon, bool relu) {
    at::Tensor x = channelsLast(given), added = residual ? channelsLast(*residual) : at::Tensor();
    Extent extent(x, groups);
    bool isHalf = x.scalar_type() == at::kBFloat16;
    Statistics statistics = isHalf ? Statistics(x.const_data_ptr<BFloat16>(), extent, epsilon)
                                   : Statistics(x.const_data_ptr<float>(), extent, epsilon);
    auto normalized = isHalf ? ::forward<BFloat16> : ::forward<float>;
    at::Tensor y = normalized(x, extent, statistics, weight, bias, added, relu);
    context->save_for_backward({x, relu ? y : at::Tensor(), weight, statistics.mean, statistics.inverse});
    context->saved_data["groups"] = groups;
    context->saved_data["residual"] = residual.has_value();
    return y;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    variable_list saved = context->get_saved_variables();
    Extent extent(saved[0], context->saved_data["groups"].toInt());
    Statistics statistics(saved[3], saved[4]);
    at::ScalarType kind = saved[0].scalar_type();
    auto gradientsOf = kind == at::kBFloat16 ? ::backward<BFloat16> : ::backward<float>;
    variable_list result = gradientsOf(channelsLast(gradients[0].to(kind)), saved[0], saved[1], saved[2], statistics,
                                       extent, context->saved_data["residual"].toBool());
    result.resize(7); // groups, epsilon and the choice of activation have none
    return result;
  }
};

at::Tensor composed(const at::Tensor &x, int64_t groups, const std::optional<at::Tensor> &weight,
                    const std::optional<at::Tensor> &bias, double epsilon, const std::optional<at::Tensor> &residual, bool relu) {
  at::Tensor y = at::group_norm(x, groups, weight, bias, epsilon, false);
  if (residual) y = y + *residual;
  return relu ? y.relu_() : y;
}

bool isPlain(const at::Tensor &x) { return x.is_cpu() && x.scalar_type() == at::kFloat; }
bool isMap(const at::Tensor &x) { return x.is_cpu() && (isPlain(x) || x.scalar_type() == at::kBFloat16); }
} // namespace

extern "C" {
ct_status ct_group_norm(const ct_tensor *x, intptr_t groups, const ct_tensor *weight, const ct_tensor *bias,
                        double epsilon, const ct_tensor *residual, bool relu, ct_tensor **out) noexcept {
  return guard([&] {
    const at::Tensor &map = x->value;
    std::optional<at::Tensor> added = optional(residual);
    bool isNative = map.dim() == 4 && map.numel() > 0 && isMap(map) && weight && bias && isPlain(weight->value) &&
                    isPlain(bias->value) &&
                    (!added || (added->is_cpu() && added->scalar_type() == map.scalar_type() && added->sizes() == map.sizes()));
    if (!isNative) {
      *out = box(composed(map, groups, optional(weight), optional(bias), epsilon, added, relu));
      return;
    }
    int64_t channels = map.size(1);
    TORCH_CHECK(groups > 0 && channels % groups == 0, channels, " channels do not divide into ", groups, " groups");
    TORCH_CHECK(weight->value.numel() == channels && bias->value.numel() == channels, "weight and bias hold one number "
                "for each of ", channels, " channels, not ", weight->value.sizes(), " and ", bias->value.sizes());
    *out = box(GroupNorm::apply(map, weight->value.contiguous(), bias->value.contiguous(), added, int64_t(groups),
                                epsilon, relu));
  });
}
}
