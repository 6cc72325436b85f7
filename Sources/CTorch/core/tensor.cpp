// What a tensor says about itself, values in and out, creation, conversion.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/full_like.h>

#include <cmath>
#include <cstring>

using namespace ctorch;

namespace ctorch {
at::ScalarType scalarType(intptr_t dtype) {
  switch (dtype) {
  case CT_FLOAT32: return at::kFloat;
  case CT_BFLOAT16: return at::kBFloat16;
  case CT_FLOAT16: return at::kHalf;
  case CT_FLOAT64: return at::kDouble;
  case CT_INT64: return at::kLong;
  case CT_INT32: return at::kInt;
  case CT_UINT8: return at::kByte;
  case CT_BOOL: return at::kBool;
  default: TORCH_CHECK(false, "no element kind has the number ", dtype);
  }
}

at::Device device(intptr_t kind, intptr_t index) {
  if (kind == CT_CPU) return at::Device(at::kCPU);
  return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
}

at::Scalar scalar(const at::Tensor &beside, double value) {
  bool whole = std::isfinite(value) && std::floor(value) == value && std::fabs(value) < 0x1p53;
  if (whole && at::isIntegralType(beside.scalar_type(), true)) {
    return at::Scalar(static_cast<int64_t>(value));
  }
  return at::Scalar(value);
}
} // namespace ctorch

extern "C" {
intptr_t ct_dimensions(const ct_tensor *a) noexcept { return a->value.dim(); }
intptr_t ct_count(const ct_tensor *a) noexcept { return a->value.numel(); }

void ct_shape(const ct_tensor *a, intptr_t *sizes) noexcept {
  for (int64_t size : a->value.sizes()) *sizes++ = size;
}

void ct_strides(const ct_tensor *a, intptr_t *strides) noexcept {
  for (int64_t stride : a->value.strides()) *strides++ = stride;
}

intptr_t ct_dtype(const ct_tensor *a) noexcept {
  switch (a->value.scalar_type()) {
  case at::kFloat: return CT_FLOAT32;
  case at::kBFloat16: return CT_BFLOAT16;
  case at::kHalf: return CT_FLOAT16;
  case at::kDouble: return CT_FLOAT64;
  case at::kLong: return CT_INT64;
  case at::kInt: return CT_INT32;
  case at::kByte: return CT_UINT8;
  case at::kBool: return CT_BOOL;
  default: return -1;
  }
}

void ct_device(const ct_tensor *a, intptr_t *kind, intptr_t *index) noexcept {
  at::Device device = a->value.device();
  *kind = device.is_cpu() ? CT_CPU : CT_CUDA;
  *index = device.has_index() ? device.index() : 0;
}

bool ct_is_contiguous(const ct_tensor *a, bool channels_last) noexcept {
  return a->value.is_contiguous(channels_last ? at::MemoryFormat::ChannelsLast
                                              : at::MemoryFormat::Contiguous);
}

ct_status ct_data(const ct_tensor *a, void **out) noexcept {
  return guard([&] {
    TORCH_CHECK(a->value.is_cpu(), "the tensor is on ", a->value.device(), "; move it to the CPU first");
    *out = a->value.data_ptr();
  });
}

ct_status ct_from_bytes(const void *bytes, const intptr_t *shape, intptr_t dimensions, intptr_t dtype,
                        ct_tensor **out) noexcept {
  return guard([&] {
    at::Tensor result = at::empty(list(shape, dimensions), scalarType(dtype));
    if (result.nbytes() > 0) std::memcpy(result.data_ptr(), bytes, result.nbytes());
    *out = box(std::move(result));
  });
}

ct_status ct_to_bytes(const ct_tensor *a, intptr_t dtype, void *bytes) noexcept {
  return guard([&] {
    at::Tensor source = a->value.detach().to(at::kCPU, scalarType(dtype)).contiguous();
    if (source.nbytes() > 0) std::memcpy(bytes, source.data_ptr(), source.nbytes());
  });
}

ct_status ct_item(const ct_tensor *a, double *out) noexcept {
  return guard([&] { *out = a->value.item().toDouble(); });
}

ct_status ct_full(const intptr_t *shape, intptr_t dimensions, double value, intptr_t dtype,
                  intptr_t device_kind, intptr_t device_index, ct_tensor **out) noexcept {
  return guard([&] {
    auto options = at::TensorOptions(device(device_kind, device_index)).dtype(scalarType(dtype));
    *out = box(at::full(list(shape, dimensions), value, options));
  });
}

ct_status ct_full_like(const ct_tensor *a, double value, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::full_like(a->value, value)); });
}

ct_status ct_arange(double start, double end, double step, intptr_t dtype, ct_tensor **out) noexcept {
  return guard([&] { *out = box(at::arange(start, end, step, scalarType(dtype))); });
}

ct_status ct_uniform(const intptr_t *shape, intptr_t dimensions, double low, double high, intptr_t seed,
                     ct_tensor **out) noexcept {
  return guard([&] {
    auto engine = at::detail::createCPUGenerator(static_cast<uint64_t>(seed));
    *out = box(at::empty(list(shape, dimensions), at::kFloat).uniform_(low, high, engine));
  });
}

ct_status ct_normal(const intptr_t *shape, intptr_t dimensions, double mean, double deviation,
                    intptr_t seed, ct_tensor **out) noexcept {
  return guard([&] {
    auto engine = at::detail::createCPUGenerator(static_cast<uint64_t>(seed));
    *out = box(at::empty(list(shape, dimensions), at::kFloat).normal_(mean, deviation, engine));
  });
}

ct_status ct_to_dtype(const ct_tensor *a, intptr_t dtype, ct_tensor **out) noexcept {
  return guard([&] { *out = box(a->value.to(scalarType(dtype))); });
}

ct_status ct_to_device(const ct_tensor *a, intptr_t kind, intptr_t index, ct_tensor **out) noexcept {
  return guard([&] { *out = box(a->value.to(device(kind, index))); });
}

ct_status ct_contiguous(const ct_tensor *a, bool channels_last, ct_tensor **out) noexcept {
  return guard([&] {
    *out = box(a->value.contiguous(channels_last ? at::MemoryFormat::ChannelsLast
                                                 : at::MemoryFormat::Contiguous));
  });
}

ct_status ct_clone(const ct_tensor *a, ct_tensor **out) noexcept {
  return guard([&] { *out = box(a->value.clone()); });
}
}
