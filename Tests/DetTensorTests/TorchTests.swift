import DetTensor
import Foundation
import TensorTestSupport
import Testing

struct TorchTests {
  /// Runs the body on a thread of its own: the settings belong to threads.
  private func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result
  {
    await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: body()) }.start()
    }
  }

  @Test func theVersionIsTheOneThisProjectIsPinnedTo() {
    #expect(Torch.version.hasPrefix("2.13.0"))
    #expect(Torch.devices.first == .cpu)
  }

  @Test func threadsBelongToTheThreadThatSetsThem() async {
    let threads = await onThread {
      Torch.threads = 3
      return Torch.threads
    }
    #expect(threads == 3)
  }

  @Test func denormalsAreFlushedOnEveryThreadOfThePool() async {
    let counts = await onThread {
      Torch.threads = 2
      // A new thread starts with the setting of the one that made it, which another test may have changed.
      Torch.flushDenormals(false)
      let before = Torch.flushingThreads
      Torch.flushDenormals()
      let after = Torch.flushingThreads
      Torch.flushDenormals(false)
      return [before, after, Torch.flushingThreads]
    }
    #expect(counts == [0, 2, 0])
  }

  @Test func aTensorIsFreedWithItsLastOwner() {
    let before = Torch.threadHandles
    do {
      let x = Tensor.ones([4])
      let copy = x
      #expect(Torch.threadHandles == before + 1)
      #expect(copy.count == 4)
    }
    #expect(Torch.threadHandles == before)
  }

  @Test func operationsAndTheirGradientsLeaveNoHandleBehind() {
    expectNoHandlesLeft {
      let x = Tensor.ones([1, 4, 8, 8]).requiringGradient()
      let w = Tensor.ones([4, 4, 3, 3]).requiringGradient()
      let y = x.convolved(w.weightStandardized(), padding: 1).relu()
      let (values, indices) = y.flattened(from: 1).sorted(1)
      (values.sum() + y.split(sizes: [1, 3], dim: 1)[0].mean()).backward()
      #expect(w.gradient?.shape == [4, 4, 3, 3])
      #expect(indices.count == 256)
      _ = Tensor.concatenated([x, y]).floats()
    }
  }

  @Test func aRefusedFileLeavesNoHandleBehind() throws {
    let whole = try Safetensors.encode([("a", .ones([3])), ("b", .zeros([2, 2]))])
    expectNoHandlesLeft {
      #expect(throws: (any Error).self) {
        try Safetensors.decode(Data(whole.dropLast()), source: "cut")
      }
    }
  }

  @Test func errorsSayWhatWasDoneAndWhatWouldHelp() {
    let memory = TensorError.outOfMemory(doing: "moving", message: "none left")
    #expect("\(memory)" == "moving: out of memory (none left); use a smaller batch or input")
    let device = TensorError.noDevice(.cuda(0), available: [.cpu])
    #expect("\(device)" == "cuda:0 is not on this machine; there is cpu")
    #expect("\(TensorError.torch(doing: "moving", message: "no"))" == "moving: no")
  }
}
