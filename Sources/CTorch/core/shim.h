// Internal to CTorch: what every .cpp of the shim shares. Never seen by Swift.
#pragma once

#include "CTorch.h"

// Every file names the operations it calls: <ATen/ATen.h> with all of them costs 10 s a file instead of 5.
#define AT_PER_OPERATOR_HEADERS
#include <ATen/core/Tensor.h>
#include <c10/core/GradMode.h>
#include <c10/util/FunctionRef.h>

#include <optional>
#include <vector>

// A handle: one tensor on the heap, counted while it lives.
struct ct_tensor {
  at::Tensor value;
  explicit ct_tensor(at::Tensor tensor) noexcept;
  ~ct_tensor();
  ct_tensor(const ct_tensor &) = delete;
  ct_tensor &operator=(const ct_tensor &) = delete;
};

namespace ctorch {

// Called inside a catch block: keeps the message for this thread and says which status it is.
ct_status caught() noexcept;

// Runs the body; an exception becomes a status.
template <class Body> ct_status guard(Body &&body) noexcept {
  try {
    body();
    return CT_OK;
  } catch (...) {
    return caught();
  }
}

// A new handle, which the caller owns.
inline ct_tensor *box(at::Tensor tensor) { return new ct_tensor(std::move(tensor)); }

// An optional input: NULL is none.
inline std::optional<at::Tensor> optional(const ct_tensor *tensor) {
  if (tensor == nullptr) return std::nullopt;
  return tensor->value;
}

inline at::IntArrayRef list(const intptr_t *values, intptr_t count) {
  static_assert(sizeof(intptr_t) == sizeof(int64_t));
  return at::IntArrayRef(reinterpret_cast<const int64_t *>(values), static_cast<size_t>(count));
}

inline std::vector<at::Tensor> tensors(const ct_tensor *const *handles, intptr_t count) {
  std::vector<at::Tensor> result;
  result.reserve(static_cast<size_t>(count));
  for (intptr_t i = 0; i < count; i++) result.push_back(handles[i]->value);
  return result;
}

// The map with a pixel's channels side by side, as our kernels read it; itself where it is that already.
inline at::Tensor channelsLast(const at::Tensor &map) { return map.contiguous(at::MemoryFormat::ChannelsLast); }

at::ScalarType scalarType(intptr_t dtype);
at::Device device(intptr_t kind, intptr_t index);

// A number as a scalar of the tensor's kind: a whole number stays whole beside whole numbers.
at::Scalar scalar(const at::Tensor &beside, double value);

// Runs body(from, to) over parts of begin ..< end on libtorch's own pool of threads, so that cores are
// never fought over; parts hold at least `grain` steps. An exception in a part is thrown again here.
void parallel(int64_t begin, int64_t end, int64_t grain,
              c10::function_ref<void(int64_t, int64_t)> body);

} // namespace ctorch
