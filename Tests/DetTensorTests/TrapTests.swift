import DetTensor
import Testing

/// Operations that cannot work end the process with libtorch's own message.
struct TrapTests {
  private func message(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func shapesThatDoNotFitTrapWithTheSizes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]) + Tensor.zeros([2, 4])
    }
    #expect(
      message(result).contains("The size of tensor a (3) must match the size of tensor b (4)"))
    #expect(message(result).contains("Tensor.+"))
  }

  @Test func channelsThatDoNotFitTrapWithTheWeightsShape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([1, 3, 8, 8]).convolved(.zeros([4, 5, 3, 3]))
    }
    #expect(message(result).contains("weight of size [4, 5, 3, 3]"))
  }

  @Test func indicesOutOfRangeTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([3, 2]).rows(at: Tensor([5] as [Int]))
    }
    #expect(message(result).contains("index out of range"))
  }

  @Test func memoryThatIsNotThereIsNamed() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([1 << 46])
    }
    #expect(message(result).contains("out of memory in Tensor.full"))
  }

  @Test func bytesThatDoNotMakeTheShapeTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2, 3] as [Float], shape: [2, 2])
    }
    #expect(message(result).contains("12 bytes do not make a float32 tensor of the shape [2, 2]"))
  }
}
