// Internal to CTorch: what the detection kernels share. CPU kernels over float32, contiguous where said.
#pragma once

#include "shim.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

// Inner loops are compiled twice, for the plain machine and for one with AVX2 and FMA; the loader picks.
#if defined(__x86_64__) && defined(__linux__)
#define CT_VECTORIZED __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define CT_VECTORIZED
#endif

namespace detection {

// Corners in pixels; x1 and y1 are exclusive.
struct Box {
  float x0, y0, x1, y1;
  float area() const { return (x1 - x0) * (y1 - y0); }
};

inline float overlap(const Box &a, const Box &b) {
  float width = std::min(a.x1, b.x1) - std::max(a.x0, b.x0);
  float height = std::min(a.y1, b.y1) - std::max(a.y0, b.y0);
  return std::max(width, 0.0f) * std::max(height, 0.0f);
}

inline float intersectionOverUnion(const Box &a, const Box &b) {
  float common = overlap(a, b);
  return common / (a.area() + b.area() - common);
}

// How far a box may move and grow: the deltas that a network puts out, in units of the deviations
// (Girshick et al. 2014, appendix C; growth is bounded at 1000 / 16 as everywhere).
struct Coder {
  float dx, dy, dw, dh;
  static constexpr float mostGrowth = 4.135166556742356f; // log(1000 / 16)

  explicit Coder(const double *deviations)
      : dx(float(deviations[0])), dy(float(deviations[1])), dw(float(deviations[2])),
        dh(float(deviations[3])) {}

  Box decode(const Box &from, float tx, float ty, float tw, float th) const {
    float width = from.x1 - from.x0, height = from.y1 - from.y0;
    float x = from.x0 + 0.5f * width + tx * dx * width;
    float y = from.y0 + 0.5f * height + ty * dy * height;
    float w = std::exp(std::min(tw * dw, mostGrowth)) * width;
    float h = std::exp(std::min(th * dh, mostGrowth)) * height;
    return {x - 0.5f * w, y - 0.5f * h, x + 0.5f * w, y + 0.5f * h};
  }

  void encode(const Box &from, const Box &to, float *deltas) const {
    float width = from.x1 - from.x0, height = from.y1 - from.y0;
    float toWidth = to.x1 - to.x0, toHeight = to.y1 - to.y0;
    deltas[0] = (to.x0 + 0.5f * toWidth - from.x0 - 0.5f * width) / width / dx;
    deltas[1] = (to.y0 + 0.5f * toHeight - from.y0 - 0.5f * height) / height / dy;
    deltas[2] = std::log(toWidth / width) / dw;
    deltas[3] = std::log(toHeight / height) / dh;
  }
};

inline Box clipped(const Box &box, float height, float width) {
  return {std::clamp(box.x0, 0.0f, width), std::clamp(box.y0, 0.0f, height),
          std::clamp(box.x1, 0.0f, width), std::clamp(box.y1, 0.0f, height)};
}

// A small generator for sampling: SplitMix64 (Steele et al. 2014), bounded draws after Lemire (2019).
struct Mixer {
  uint64_t state;
  uint64_t next() {
    uint64_t z = (state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  int64_t below(int64_t bound) {
    return int64_t((static_cast<unsigned __int128>(next()) * uint64_t(bound)) >> 64);
  }
};

// A float32 tensor in CPU memory, row-major.
inline at::Tensor plain(const at::Tensor &tensor) {
  TORCH_CHECK(tensor.device().is_cpu(), "detection kernels run on the CPU, the tensor is on ", tensor.device());
  return tensor.to(at::kFloat).contiguous();
}

inline at::Tensor plainIndices(const at::Tensor &tensor) {
  TORCH_CHECK(tensor.device().is_cpu(), "detection kernels run on the CPU, the tensor is on ", tensor.device());
  return tensor.to(at::kLong).contiguous();
}

inline const Box *boxes(const at::Tensor &tensor) {
  TORCH_CHECK(tensor.dim() == 2 && tensor.size(1) == 4, "boxes are [n, 4], not ", tensor.sizes());
  return reinterpret_cast<const Box *>(tensor.const_data_ptr<float>());
}

// Starts of the parts of a list that is cut into parts of these lengths; one more than parts.
inline std::vector<int64_t> starts(const intptr_t *counts, intptr_t parts) {
  std::vector<int64_t> result(size_t(parts) + 1, 0);
  for (intptr_t i = 0; i < parts; i++) {
    TORCH_CHECK(counts[i] >= 0, "a count is negative: ", counts[i]);
    result[size_t(i) + 1] = result[size_t(i)] + counts[i];
  }
  return result;
}

// Greedy non-maximum suppression of boxes that are sorted by falling score: positions that stay.
// With a limit, stops at that many.
void suppress(const Box *sorted, int64_t count, float threshold, int64_t limit,
              std::vector<int64_t> &kept);

// Positions 0 ..< count in order of falling score, equal scores by rising position; NaN last.
void rankByScore(const float *scores, int64_t count, std::vector<int64_t> &order);

// A map of one level, read at any layout: [images, channels, height, width].
struct Map {
  const float *data;
  int64_t images, channels, height, width;
  int64_t imageStride, channelStride, rowStride, columnStride;

  explicit Map(const at::Tensor &tensor)
      : data(tensor.const_data_ptr<float>()), images(tensor.size(0)), channels(tensor.size(1)),
        height(tensor.size(2)), width(tensor.size(3)), imageStride(tensor.stride(0)),
        channelStride(tensor.stride(1)), rowStride(tensor.stride(2)), columnStride(tensor.stride(3)) {}

  const float *cell(int64_t image, int64_t cell) const {
    return data + image * imageStride + cell / width * rowStride + cell % width * columnStride;
  }
};

std::vector<at::Tensor> floatMaps(const ct_tensor *const *handles, intptr_t count);

} // namespace detection
