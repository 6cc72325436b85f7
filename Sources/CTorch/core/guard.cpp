// Handles and errors.
#include "shim.h"

#include <atomic>
#include <new>
#include <string>

namespace {
std::atomic<intptr_t> live{0};
thread_local intptr_t balance = 0;
thread_local std::string message;

// Most of what runs out of memory reports it by a plain error; only its text tells: libtorch's allocator for the CPU, the CUDA
// runtime, and cuBLAS and cuDNN, which allocate by themselves.
bool tellsExhaustion(const std::string &text) {
  for (const char *words : {"can't allocate memory", "not enough memory", "out of memory",
                            "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED",
                            "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
                            "CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED"}) {
    if (text.find(words) != std::string::npos) return true;
  }
  return false;
}

ct_status remember(ct_status status, const char *text) noexcept {
  try {
    message = text;
  } catch (...) {
    message.clear();
  }
  return status;
}
} // namespace

ct_tensor::ct_tensor(at::Tensor tensor) noexcept : value(std::move(tensor)) {
  live.fetch_add(1, std::memory_order_relaxed);
  balance++;
}

ct_tensor::~ct_tensor() {
  live.fetch_sub(1, std::memory_order_relaxed);
  balance--;
}

namespace ctorch {
ct_status caught() noexcept {
  try {
    throw;
  } catch (const c10::OutOfMemoryError &error) {
    return remember(CT_OUT_OF_MEMORY, error.what_without_backtrace());
  } catch (const c10::Error &error) {
    const char *text = error.what_without_backtrace();
    return remember(tellsExhaustion(text) ? CT_OUT_OF_MEMORY : CT_FAILED, text);
  } catch (const std::bad_alloc &) {
    return remember(CT_OUT_OF_MEMORY, "the process could not allocate memory");
  } catch (const std::exception &error) {
    const char *text = error.what();
    return remember(tellsExhaustion(text) ? CT_OUT_OF_MEMORY : CT_FAILED, text);
  } catch (...) {
    return remember(CT_FAILED, "an exception of unknown type");
  }
}
} // namespace ctorch

extern "C" {
bool ct_tells_exhaustion(const char *text) noexcept { return tellsExhaustion(text); }
const char *ct_last_error(void) noexcept { return message.c_str(); }
void ct_free(ct_tensor *tensor) noexcept { delete tensor; }
intptr_t ct_live_handles(void) noexcept { return live.load(std::memory_order_relaxed); }
intptr_t ct_thread_handles(void) noexcept { return balance; }
}
