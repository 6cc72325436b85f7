// The focal loss over the maps of a dense head (Lin et al. 2017), with its gradient in the same pass.
//
// Nearly every pair of anchor and class is background, so all of them are summed as background first, and
// the few others are put right after.
#include "detection.h"
#include "CTorchDetection.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/scalar_tensor.h>

#include <torch/csrc/autograd/custom_function.h>

#include <bit>

namespace detection {
namespace {

struct Focus {
  float alpha, gamma;
};

// exp(-a) for a >= 0, to float precision; a loop over it becomes vector code, which libm's would not.
inline float decay(float a) {
  float x = -std::min(a, 87.0f);
  float n = std::floor(x * 1.44269504f + 0.5f);
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  return p * std::bit_cast<float>((int32_t(n) + 127) << 23);
}

// log(1 + e) for 0 <= e <= 1, by the series of the inverse hyperbolic tangent.
inline float logOnePlus(float e) {
  float s = e / (2.0f + e), q = s * s;
  float p = 1.0f / 15;
  p = p * q + 1.0f / 13;
  p = p * q + 1.0f / 11;
  p = p * q + 1.0f / 9;
  p = p * q + 1.0f / 7;
  p = p * q + 1.0f / 5;
  p = p * q + 1.0f / 3;
  return 2.0f * s * (p * q + 1.0f);
}

struct Term {
  float loss, slope;
};

// The loss whose right answer is `z > 0`, and its slope along z, without the weight alpha.
template <bool isSquare> inline Term term(float z, float gamma) {
  float e = decay(std::abs(z)), inverse = 1.0f / (1.0f + e);
  float right = z >= 0 ? inverse : e * inverse; // the probability of the right answer
  float wrong = z >= 0 ? e * inverse : inverse;
  float surprise = std::max(-z, 0.0f) + logOnePlus(e); // -log(right)
  float focus = isSquare ? wrong * wrong : std::pow(wrong, gamma);
  float slope = -focus * (wrong + (isSquare ? 2.0f : gamma) * right * surprise);
  return {focus * surprise, slope};
}

// Every value as background: the sum of the losses; slopes along x into gradient.
CT_VECTORIZED
float backgroundSquare(const float *__restrict x, float *__restrict gradient, int64_t count, float weight) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (int64_t i = 0; i < count; i++) {
    Term own = term<true>(-x[i], 2.0f);
    sum += own.loss;
    gradient[i] = -weight * own.slope;
  }
  return sum * weight;
}

float backgroundAny(const float *x, float *gradient, int64_t count, float weight, float gamma) {
  float sum = 0;
  for (int64_t i = 0; i < count; i++) {
    Term own = term<false>(-x[i], gamma);
    sum += own.loss;
    gradient[i] = -weight * own.slope;
  }
  return sum * weight;
}

// One row of cells of a level of an image.
double rowLoss(const float *x, float *gradient, const int64_t *labels, int64_t anchors, int64_t classes,
               const Focus &focus, float scale) {
  float negative = (1 - focus.alpha) * scale;
  double sum = focus.gamma == 2 ? backgroundSquare(x, gradient, anchors * classes, negative)
                                : backgroundAny(x, gradient, anchors * classes, negative, focus.gamma);
  for (int64_t a = 0; a < anchors; a++) {
    if (labels[a] == -1) continue;
    bool ignored = labels[a] < 0;
    for (int64_t c = ignored ? 0 : labels[a]; c < (ignored ? classes : labels[a] + 1); c++) {
      int64_t i = a * classes + c;
      sum -= negative * term<false>(-x[i], focus.gamma).loss;
      Term own = ignored ? Term{0, 0} : term<false>(x[i], focus.gamma);
      sum += focus.alpha * scale * own.loss;
      gradient[i] = focus.alpha * scale * own.slope;
    }
  }
  return sum;
}

// The loss over all maps; `scales` weighs every image.
double loss(const std::vector<at::Tensor> &maps, std::vector<at::Tensor> &gradients, const at::Tensor &labels,
            int64_t classes, const std::vector<double> &scales, const Focus &focus) {
  const int64_t *label = labels.const_data_ptr<int64_t>();
  double total = 0;
  int64_t first = 0;
  for (size_t l = 0; l < maps.size(); l++) {
    int64_t images = maps[l].size(0), height = maps[l].size(2), row = maps[l].size(3) * maps[l].size(1);
    int64_t anchors = row / classes;
    const float *x = maps[l].const_data_ptr<float>();
    float *gradient = gradients[l].mutable_data_ptr<float>();
    std::vector<double> sums(static_cast<size_t>(images * height));
    ctorch::parallel(0, images * height, 8, [&](int64_t from, int64_t to) {
      for (int64_t r = from; r < to; r++) {
        int64_t image = r / height;
        const int64_t *own = label + image * labels.size(1) + first + r % height * anchors;
        sums[size_t(r)] = rowLoss(x + r * row, gradient + r * row, own, anchors, classes, focus,
                                  float(scales[size_t(image)]));
      }
    });
    for (double sum : sums) total += sum;
    first += height * anchors;
  }
  return total;
}

class FocalLoss : public torch::autograd::Function<FocalLoss> {
public:
  static at::Tensor forward(torch::autograd::AutogradContext *context, at::TensorList maps, const at::Tensor &labels,
                            int64_t classes, std::vector<double> scales, double alpha, double gamma) {
    std::vector<at::Tensor> logits, gradients;
    for (const auto &map : maps) {
      logits.push_back(map.to(at::kFloat).contiguous(at::MemoryFormat::ChannelsLast));
      gradients.push_back(at::empty_like(logits.back()));
    }
    double sum = loss(logits, gradients, labels, classes, scales, {float(alpha), float(gamma)});
    context->save_for_backward(gradients);
    return at::scalar_tensor(sum, logits[0].options().memory_format(std::nullopt));
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list outer) {
    torch::autograd::variable_list gradients = context->get_saved_variables();
    for (auto &gradient : gradients) gradient = gradient * outer[0];
    gradients.resize(gradients.size() + 5); // labels and settings have none
    return gradients;
  }
};

} // namespace
} // namespace detection

using ctorch::box;
using ctorch::guard;

extern "C" {
ct_status ct_focal_loss(const ct_tensor *const *logits, intptr_t levels, const ct_tensor *labels, intptr_t classes,
                        const double *scales, double alpha, double gamma, ct_tensor **out) noexcept {
  return guard([&] {
    std::vector<at::Tensor> maps = ctorch::tensors(logits, levels);
    at::Tensor label = detection::plainIndices(labels->value);
    TORCH_CHECK(!maps.empty() && label.dim() == 2 && label.size(0) == maps[0].size(0), "labels are [images, anchors]");
    int64_t total = 0;
    for (const auto &map : maps) {
      TORCH_CHECK(map.size(1) % classes == 0, "a map of ", map.size(1), " channels does not hold ", classes, " classes");
      total += map.size(1) / classes * map.size(2) * map.size(3);
    }
    TORCH_CHECK(label.size(1) == total, "there are ", total, " anchors, but ", label.size(1), " labels");
    TORCH_CHECK(label.numel() == 0 || label.max().item<int64_t>() < classes, "a label is not below ", classes);
    std::vector<double> scale(scales, scales + label.size(0));
    *out = box(detection::FocalLoss::apply(at::TensorList(maps), label, int64_t(classes), scale, alpha, gamma));
  });
}
}
