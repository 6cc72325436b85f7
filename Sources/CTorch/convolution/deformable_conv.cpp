// Deformable convolution (Dai et al. 2017): every tap of a filter samples where its offset says, between pixels.
//
// A slab of cells at a time is lowered to columns [cells, taps * channels], so that the filters are one matrix
// multiplication and the memory stays bounded. Channels lie side by side (N, H, W, C), so a sample is a run.
#include "CTorchLayers.h"
#include "detection.h"

#include <ATen/Dispatch.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>

#include <torch/csrc/autograd/custom_function.h>

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t slabElements = int64_t(1) << 20; // of the columns: 4 MB of float32

struct Geometry {
  int64_t images, channels, height, width;
  int64_t outputs, kernelHeight, kernelWidth, outHeight, outWidth;
  int64_t stride, padding, dilation, groups, deformableGroups;

  int64_t taps() const { return kernelHeight * kernelWidth; }
  int64_t columns() const { return taps() * channels; }
  int64_t cells() const { return images * outHeight * outWidth; }
  int64_t slab() const { return std::clamp<int64_t>(slabElements / columns(), 16, std::max<int64_t>(cells(), 16)); }
  int64_t run() const { return channels / deformableGroups; }
};

// A place between four pixels: those inside the map, what each counts for, and how that changes along y and x.
template <class T> struct Place {
  int64_t offset[4];
  T weight[4], slopeY[4], slopeX[4];
  int count = 0;

  Place(T y, T x, int64_t height, int64_t width, int64_t step) {
    if (!(y >= -1 && y < T(height) && x >= -1 && x < T(width))) return;
    int64_t top = int64_t(std::floor(y)), left = int64_t(std::floor(x));
    T down = y - T(top), right = x - T(left);
    for (int64_t row = 0; row < 2; row++) {
      for (int64_t column = 0; column < 2; column++) {
        if (top + row < 0 || top + row >= height || left + column < 0 || left + column >= width) continue;
        T alongY = row ? down : 1 - down, alongX = column ? right : 1 - right;
        offset[count] = ((top + row) * width + left + column) * step;
        weight[count] = alongY * alongX;
        slopeY[count] = row ? alongX : -alongX;
        slopeX[count] = column ? alongY : -alongY;
        count++;
      }
    }
  }
};

// out[c] = the weighted sum of the pixels.
template <class T>
__attribute__((always_inline)) inline void blendRun(const T *__restrict pixels, const Place<T> &place, int64_t channels,
                                                    T *__restrict out) {
  if (place.count == 4) {
    const T *a = pixels + place.offset[0], *b = pixels + place.offset[1];
    const T *c = pixels + place.offset[2], *d = pixels + place.offset[3];
    const T wa = place.weight[0], wb = place.weight[1], wc = place.weight[2], wd = place.weight[3];
    for (int64_t i = 0; i < channels; i++) out[i] = wa * a[i] + wb * b[i] + wc * c[i] + wd * d[i];
    return;
  }
  for (int64_t i = 0; i < channels; i++) out[i] = 0;
  for (int k = 0; k < place.count; k++) {
    const T *pixel = pixels + place.offset[k], weight = place.weight[k];
    for (int64_t i = 0; i < channels; i++) out[i] += weight * pixel[i];
  }
}

// How the sum over channels of gradient * sample changes along y and x.
template <class T>
__attribute__((always_inline)) inline void slopeRun(const T *__restrict pixels, const Place<T> &place, int64_t channels,
                                                    const T *__restrict gradient, T *y, T *x) {
#pragma clang fp reassociate(on)
  T alongY = 0, alongX = 0;
  for (int k = 0; k < place.count; k++) {
    const T *pixel = pixels + place.offset[k];
    T dot = 0;
    for (int64_t i = 0; i < channels; i++) dot += gradient[i] * pixel[i];
    alongY += place.slopeY[k] * dot;
    alongX += place.slopeX[k] * dot;
  }
  *y = alongY;
  *x = alongX;
}

// pixels += weight * gradient
template <class T>
__attribute__((always_inline)) inline void spreadRun(T *__restrict pixels, const Place<T> &place, int64_t channels,
                                                     const T *__restrict gradient) {
  for (int k = 0; k < place.count; k++) {
    T *pixel = pixels + place.offset[k], weight = place.weight[k];
    for (int64_t i = 0; i < channels; i++) pixel[i] += weight * gradient[i];
  }
}

// The float32 loops are compiled for AVX2 too; a template could not be.
CT_VECTORIZED void blend(const float *p, const Place<float> &at, int64_t n, float *out) { blendRun(p, at, n, out); }
CT_VECTORIZED void slope(const float *p, const Place<float> &at, int64_t n, const float *g, float *y, float *x) {
  slopeRun(p, at, n, g, y, x);
}
CT_VECTORIZED void spread(float *p, const Place<float> &at, int64_t n, const float *g) { spreadRun(p, at, n, g); }
void blend(const double *p, const Place<double> &at, int64_t n, double *out) { blendRun(p, at, n, out); }
void slope(const double *p, const Place<double> &at, int64_t n, const double *g, double *y, double *x) {
  slopeRun(p, at, n, g, y, x);
}
void spread(double *p, const Place<double> &at, int64_t n, const double *g) { spreadRun(p, at, n, g); }

// Calls visit(place, image, column) for taps and deformable groups first ..< end of a cell; offsets of a cell are
// ordered by group, tap, then y and x; column is where the run of channels starts among the cell's columns.
template <class T, class Visit>
void visitCell(const Geometry &g, int64_t cell, const T *offsets, int64_t first, int64_t end, Visit &&visit) {
  int64_t perImage = g.outHeight * g.outWidth, image = cell / perImage, rest = cell % perImage;
  int64_t top = rest / g.outWidth * g.stride - g.padding, left = rest % g.outWidth * g.stride - g.padding;
  const T *own = offsets + cell * g.deformableGroups * g.taps() * 2;
  for (int64_t group = first; group < end; group++) {
    for (int64_t tap = 0; tap < g.taps(); tap++) {
      const T *move = own + (group * g.taps() + tap) * 2;
      T y = T(top + tap / g.kernelWidth * g.dilation) + move[0];
      T x = T(left + tap % g.kernelWidth * g.dilation) + move[1];
      visit(Place<T>(y, x, g.height, g.width, g.channels), image, group, tap);
    }
  }
}

template <class T> void lower(const Geometry &g, const T *x, const T *offsets, int64_t from, int64_t count, T *columns) {
  ctorch::parallel(0, count, 8, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      visitCell(g, from + i, offsets, 0, g.deformableGroups,
                [&](const Place<T> &place, int64_t image, int64_t group, int64_t tap) {
                  int64_t run = group * g.run();
                  blend(x + image * g.height * g.width * g.channels + run, place, g.run(),
                        columns + i * g.columns() + tap * g.channels + run);
                });
    }
  });
}

template <class T>
void slopes(const Geometry &g, const T *x, const T *offsets, const T *columns, int64_t from, int64_t count, T *out) {
  ctorch::parallel(0, count, 8, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      T *own = out + (from + i) * g.deformableGroups * g.taps() * 2;
      visitCell(g, from + i, offsets, 0, g.deformableGroups,
                [&](const Place<T> &place, int64_t image, int64_t group, int64_t tap) {
                  int64_t run = group * g.run();
                  T *slopeOfTap = own + (group * g.taps() + tap) * 2;
                  slope(x + image * g.height * g.width * g.channels + run, place, g.run(),
                        columns + i * g.columns() + tap * g.channels + run, slopeOfTap, slopeOfTap + 1);
                });
    }
  });
}

// Threads share the channels, so that no two write to the same pixel and the result does not depend on their number.
template <class T>
void raise(const Geometry &g, const T *offsets, const T *columns, int64_t from, int64_t count, T *out) {
  int64_t threads = 2 * at::get_num_threads();
  int64_t most = std::max<int64_t>(1, g.run() / 16);
  int64_t parts = std::clamp<int64_t>((threads + g.deformableGroups - 1) / g.deformableGroups, 1, most);
  int64_t perPart = (g.run() + parts - 1) / parts;
  ctorch::parallel(0, g.deformableGroups * parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      int64_t own = task / parts, first = task % parts * perPart, length = std::min(perPart, g.run() - first);
      if (length <= 0) continue;
      for (int64_t i = 0; i < count; i++) {
        visitCell(g, from + i, offsets, own, own + 1, [&](const Place<T> &place, int64_t image, int64_t group, int64_t tap) {
          int64_t run = group * g.run() + first;
          spread(out + image * g.height * g.width * g.channels + run, place, length,
                 columns + i * g.columns() + tap * g.channels + run);
        });
      }
    }
  });
}

// [cells, taps, channels] as one matrix a group of filters, [groups, cells, taps * channels / groups].
at::Tensor grouped(const Geometry &g, const at::Tensor &columns) {
  return columns.view({columns.size(0), g.taps(), g.groups, g.channels / g.groups})
      .permute({2, 0, 1, 3})
      .reshape({g.groups, columns.size(0), g.columns() / g.groups});
}

// The other way.
at::Tensor ungrouped(const Geometry &g, const at::Tensor &columns) {
  return columns.view({g.groups, columns.size(1), g.taps(), g.channels / g.groups})
      .permute({1, 2, 0, 3})
      .reshape({columns.size(1), g.columns()});
}

// [cells, outputs] as [groups, cells, outputs / groups].
at::Tensor groupedOutputs(const Geometry &g, const at::Tensor &cells) {
  return cells.view({cells.size(0), g.groups, g.outputs / g.groups}).permute({1, 0, 2});
}

// [N, C, H, W] as N, H, W, C in memory; what is channels last already is not copied.
at::Tensor cellsFirst(const at::Tensor &map) { return map.permute({0, 2, 3, 1}).contiguous(); }

// Filters [outputs, channels / groups, kh, kw] as [groups, outputs / groups, taps * channels / groups].
at::Tensor matrices(const Geometry &g, const at::Tensor &weight) {
  return weight.permute({0, 2, 3, 1}).reshape({g.groups, g.outputs / g.groups, g.columns() / g.groups});
}

at::Tensor product(const Geometry &g, const at::Tensor &columns, const at::Tensor &filters) {
  if (g.groups == 1) return at::mm(columns, filters[0].t());
  return at::bmm(grouped(g, columns), filters.transpose(1, 2)).permute({1, 0, 2}).reshape({columns.size(0), g.outputs});
}

at::Tensor forward(const Geometry &g, const at::Tensor &x, const at::Tensor &weight, const at::Tensor &offsets) {
  at::Tensor filters = matrices(g, weight);
  at::Tensor result = at::empty({g.images, g.outputs, g.outHeight, g.outWidth}, x.options(), at::MemoryFormat::ChannelsLast);
  at::Tensor out = result.permute({0, 2, 3, 1}).view({g.cells(), g.outputs});
  at::Tensor columns = at::empty({g.slab(), g.columns()}, x.options());
  for (int64_t from = 0; from < g.cells(); from += g.slab()) {
    int64_t count = std::min(g.slab(), g.cells() - from);
    at::Tensor own = columns.narrow(0, 0, count);
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "deform_conv2d", [&] {
      lower(g, x.const_data_ptr<scalar_t>(), offsets.const_data_ptr<scalar_t>(), from, count, own.mutable_data_ptr<scalar_t>());
    });
    out.narrow(0, from, count).copy_(product(g, own, filters));
  }
  return result; // not a view: a view out of a function of its own could not be changed in place
}

struct Gradients {
  at::Tensor x, weight, offsets; // N, H, W, C; groups of matrices; as the offsets lie
};

void addWeightGradient(const Geometry &g, const at::Tensor &given, const at::Tensor &columns, at::Tensor &sum) {
  if (g.groups == 1) {
    sum[0].addmm_(given.t(), columns);
  } else {
    sum.add_(at::bmm(groupedOutputs(g, given).transpose(1, 2), grouped(g, columns)));
  }
}

Gradients backward(const Geometry &g, const at::Tensor &x, const at::Tensor &weight, const at::Tensor &offsets,
                   const at::Tensor &gradient) {
  at::Tensor filters = matrices(g, weight), given = gradient.view({g.cells(), g.outputs});
  Gradients sums{at::zeros(x.sizes(), x.options()), at::zeros(filters.sizes(), x.options()),
                 at::empty(offsets.sizes(), x.options())};
  at::Tensor columns = at::empty({g.slab(), g.columns()}, x.options());
  for (int64_t from = 0; from < g.cells(); from += g.slab()) {
    int64_t count = std::min(g.slab(), g.cells() - from);
    at::Tensor own = given.narrow(0, from, count), lowered = columns.narrow(0, 0, count);
    at::Tensor slab = g.groups == 1 ? at::mm(own, filters[0])
                                    : ungrouped(g, at::bmm(groupedOutputs(g, own), filters));
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "deform_conv2d_backward", [&] {
      const scalar_t *pixels = x.const_data_ptr<scalar_t>(), *moves = offsets.const_data_ptr<scalar_t>();
      const scalar_t *down = slab.const_data_ptr<scalar_t>();
      slopes(g, pixels, moves, down, from, count, sums.offsets.mutable_data_ptr<scalar_t>());
      raise(g, moves, down, from, count, sums.x.mutable_data_ptr<scalar_t>());
      lower(g, pixels, moves, from, count, lowered.mutable_data_ptr<scalar_t>());
    });
    addWeightGradient(g, own, lowered, sums.weight);
  }
  return sums;
}

struct Held : torch::CustomClassHolder {
  Geometry geometry;
};

class DeformableConvolution : public torch::autograd::Function<DeformableConvolution> {
public:
  static at::Tensor forward(AutogradContext *context, const at::Tensor &x, const at::Tensor &weight,
                            const at::Tensor &offsets, c10::intrusive_ptr<Held> held) {
    at::Tensor pixels = cellsFirst(x), moves = cellsFirst(offsets);
    context->save_for_backward({pixels, weight, moves});
    context->saved_data["held"] = c10::IValue::make_capsule(held);
    return ::forward(held->geometry, pixels, weight, moves);
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    auto held = c10::static_intrusive_pointer_cast<Held>(context->saved_data["held"].toCapsule());
    const Geometry &g = held->geometry;
    variable_list saved = context->get_saved_variables();
    Gradients sums = ::backward(g, saved[0], saved[1], saved[2], cellsFirst(gradients[0]));
    at::Tensor weight = sums.weight.view({g.outputs, g.kernelHeight, g.kernelWidth, g.channels / g.groups});
    return {sums.x.permute({0, 3, 1, 2}), weight.permute({0, 3, 1, 2}).contiguous(), sums.offsets.permute({0, 3, 1, 2}),
            at::Tensor()};
  }
};

Geometry geometry(const at::Tensor &x, const at::Tensor &weight, const at::Tensor &offsets, int64_t stride,
                  int64_t padding, int64_t dilation) {
  TORCH_CHECK(x.dim() == 4 && weight.dim() == 4 && offsets.dim() == 4,
              "a deformable convolution takes [n, c, h, w], filters [o, c / groups, k, k] and offsets [n, 2 d k k, h, w], not ",
              x.sizes(), ", ", weight.sizes(), ", ", offsets.sizes());
  TORCH_CHECK(x.is_cpu() && weight.is_cpu() && offsets.is_cpu(), "this deformable convolution runs on the CPU");
  TORCH_CHECK(stride > 0 && dilation > 0 && padding >= 0, "stride ", stride, ", padding ", padding, ", dilation ", dilation);
  Geometry g{x.size(0), x.size(1), x.size(2), x.size(3), weight.size(0), weight.size(2), weight.size(3),
             offsets.size(2), offsets.size(3), stride, padding, dilation, 1, 1};
  TORCH_CHECK(g.columns() > 0 && weight.size(1) > 0 && g.channels % weight.size(1) == 0, "filters of ", weight.size(1),
              " channels do not divide ", g.channels);
  g.groups = g.channels / weight.size(1);
  g.deformableGroups = offsets.size(1) / (2 * g.taps());
  TORCH_CHECK(g.outputs % g.groups == 0, g.outputs, " outputs do not divide into ", g.groups, " groups");
  TORCH_CHECK(g.deformableGroups > 0 && offsets.size(1) == 2 * g.taps() * g.deformableGroups &&
                  g.channels % g.deformableGroups == 0,
              "offsets of ", offsets.size(1), " channels do not move ", g.taps(), " taps of ", g.channels, " channels");
  auto cells = [&](int64_t size, int64_t kernel) { return (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1; };
  TORCH_CHECK(offsets.size(0) == g.images && g.outHeight == cells(g.height, g.kernelHeight) &&
                  g.outWidth == cells(g.width, g.kernelWidth),
              "offsets are for ", offsets.size(0), " maps of ", g.outHeight, " x ", g.outWidth, " cells, not for ", g.images,
              " of ", cells(g.height, g.kernelHeight), " x ", cells(g.width, g.kernelWidth));
  return g;
}

} // namespace

extern "C" {
ct_status ct_deform_conv2d(const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, const ct_tensor *offsets,
                           intptr_t stride, intptr_t padding, intptr_t dilation, ct_tensor **out) noexcept {
  return ctorch::guard([&] {
    auto held = c10::make_intrusive<Held>();
    held->geometry = geometry(x->value, weight->value, offsets->value, stride, padding, dilation);
    // Places between pixels need more than 8 bits of fraction: half kinds are computed in float32.
    auto kind = x->value.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
    at::Tensor result = DeformableConvolution::apply(x->value.to(kind), weight->value.to(kind), offsets->value.to(kind), held);
    if (bias) result = result + bias->value.to(kind).view({1, -1, 1, 1});
    *out = ctorch::box(result.to(x->value.scalar_type()));
  });
}
}
