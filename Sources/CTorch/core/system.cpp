// Settings of the whole process.
#include "CTorchSystem.h"
#include "shim.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <torch/version.h>

#include <atomic>
#include <dlfcn.h>
#include <exception>

#if defined(__linux__)
#include <malloc.h>
#endif

using namespace ctorch;

namespace {
// libtorch computes on the threads of the OpenMP runtime it brings along. Looking the runtime up at run
// time lets our own kernels share that pool without OpenMP compiler flags.
struct Pool {
  using Run = void (*)(void (*)(void *), void *, unsigned, unsigned);
  using Number = int (*)();
  Run run = reinterpret_cast<Run>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
  Number index = reinterpret_cast<Number>(dlsym(RTLD_DEFAULT, "omp_get_thread_num"));
  Number inside = reinterpret_cast<Number>(dlsym(RTLD_DEFAULT, "omp_in_parallel"));
  bool usable() const { return run && index && inside && inside() == 0; }
};

const Pool &pool() {
  static const Pool pool;
  return pool;
}

struct Work {
  int64_t begin, end, part;
  c10::function_ref<void(int64_t, int64_t)> body;
  std::atomic_flag failed = ATOMIC_FLAG_INIT;
  std::exception_ptr error;
};

void runPart(void *argument) {
  Work &work = *static_cast<Work *>(argument);
  int64_t from = work.begin + pool().index() * work.part;
  if (from >= work.end) return;
  try {
    work.body(from, std::min(work.end, from + work.part));
  } catch (...) {
    if (!work.failed.test_and_set()) work.error = std::current_exception();
  }
}
} // namespace

namespace ctorch {
void parallel(int64_t begin, int64_t end, int64_t grain,
              c10::function_ref<void(int64_t, int64_t)> body) {
  if (begin >= end) return;
  int64_t most = (end - begin + grain - 1) / std::max<int64_t>(grain, 1);
  int64_t threads = std::min<int64_t>(at::get_num_threads(), most);
  if (threads <= 1 || !pool().usable()) return body(begin, end);
  Work work{begin, end, (end - begin + threads - 1) / threads, body};
  pool().run(runPart, &work, static_cast<unsigned>(threads), 0);
  if (work.error) std::rethrow_exception(work.error);
}
} // namespace ctorch

extern "C" {
const char *ct_version(void) noexcept { return TORCH_VERSION; }
intptr_t ct_threads(void) noexcept { return at::get_num_threads(); }

ct_status ct_set_threads(intptr_t count) noexcept {
  return guard([&] {
    TORCH_CHECK(count >= 1 && count <= 4096, "threads must be 1 to 4096, not ", count);
    // A thread takes over the default when it first asks: asking now keeps that from undoing the setting.
    at::get_num_threads();
    at::set_num_threads(static_cast<int>(count));
  });
}

ct_status ct_set_flush_denormals(bool value) noexcept {
  return guard([&] {
    bool supported = at::globalContext().setFlushDenormal(value);
    TORCH_CHECK(supported, "this processor cannot flush denormals");
    parallel(0, at::get_num_threads(), 1, [&](int64_t, int64_t) {
      at::globalContext().setFlushDenormal(value);
    });
  });
}

ct_status ct_flushing_threads(intptr_t *out) noexcept {
  return guard([&] {
    std::atomic<intptr_t> flushing{0};
    parallel(0, at::get_num_threads(), 1, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; i++) {
        volatile float smallest = 1e-38f;
        volatile float denormal = smallest * 0.01f;
        if (denormal == 0) flushing++;
      }
    });
    *out = flushing;
  });
}

ct_status ct_autocast_begin(intptr_t dtype) noexcept {
  return guard([&] {
    for (at::DeviceType device : {at::kCPU, at::kCUDA}) {
      at::autocast::set_autocast_dtype(device, scalarType(dtype));
      at::autocast::set_autocast_enabled(device, true);
    }
    at::autocast::increment_nesting();
  });
}

void ct_autocast_end(void) noexcept {
  for (at::DeviceType device : {at::kCPU, at::kCUDA}) at::autocast::set_autocast_enabled(device, false);
  // Weights that were cast for this pass are not those of the next one.
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
}

bool ct_computes_bfloat16(void) noexcept {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
#else
  return false;
#endif
}

void ct_keep_freed_memory(void) noexcept {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, -1);
#endif
}

intptr_t ct_cuda_devices(void) noexcept {
  try {
    return at::hasCUDA() ? static_cast<intptr_t>(at::globalContext().getAcceleratorHooksInterface(at::kCUDA)
                                                     .deviceCount())
                         : 0;
  } catch (...) {
    return 0;
  }
}
}
