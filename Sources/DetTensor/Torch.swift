internal import CTorch

/// Settings and facts of libtorch that hold for the whole process.
public enum Torch {
  /// The version of libtorch, as in `2.13.0`.
  public static var version: String { String(cString: ct_version()) }

  /// How many threads one operation may use.
  ///
  /// OpenMP keeps the number for each thread: set it on the thread that computes, before it computes.
  public static var threads: Int {
    get { ct_threads() }
    set { expect(ct_set_threads(newValue), "threads") }
  }

  /// The devices of this machine, the CPU first.
  public static var devices: [Device] {
    [.cpu] + (0..<max(0, ct_cuda_devices())).map { Device.cuda($0) }
  }

  /// How many tensors are alive in the process.
  public static var liveHandles: Int { ct_live_handles() }

  /// Tensors made less tensors freed on the calling thread: what leak tests compare while others run.
  public static var threadHandles: Int { ct_thread_handles() }

  /// Makes the calling thread and the threads of libtorch's pool treat denormal numbers as zero.
  ///
  /// Training from scratch drives some activations and momenta into that range, where processors are a hundred
  /// times slower. The setting belongs to threads: call it on the thread that works, after setting `threads`.
  public static func flushDenormals(_ value: Bool = true) {
    expect(ct_set_flush_denormals(value))
  }

  /// Whether this processor computes in bfloat16 at least as fast as in float32 (AVX-512 with its byte and word instructions).
  package static var computesBFloat16: Bool { ct_computes_bfloat16() }

  /// Makes the process keep the memory that it frees for what it makes next.
  ///
  /// Every step of a training and every detection makes and frees maps of many megabytes. As a rule the system gets them back each
  /// time, and each time hands out others, a page at a time and zeroed: that took a tenth of a training step. The process stays
  /// as large as it was at most. Without effect where the C library is not glibc.
  public static func keepFreedMemory() { ct_keep_freed_memory() }

  /// Runs the body with convolutions and matrix products of the calling thread computed in another kind.
  ///
  /// Parameters keep their kind, and operations that need precision (normalisations, losses) run in float32, as libtorch
  /// chooses. float32 leaves everything as it is.
  package static func autocasting<Result>(
    to dtype: DType, _ body: () throws -> Result
  ) rethrows -> Result {
    guard dtype != .float32 else { return try body() }
    expect(ct_autocast_begin(dtype.rawValue))
    defer { ct_autocast_end() }
    return try body()
  }

  /// How many of the pool's threads treat denormals as zero.
  package static var flushingThreads: Int {
    var count = 0
    expect(ct_flushing_threads(&count))
    return count
  }
}
