import DetBasics
import DetTensor
import Testing

struct TensorTests {
  @Test func numberLiteralsMakeFloatsAndIntegersAreSaid() {
    #expect(Tensor([1, 2, 3]).dtype == .float32)
    #expect(Tensor([1, 2, 3] as [Int]).dtype == .int64)
    #expect(Tensor([true, false]).dtype == .bool)
    #expect(Tensor([1, 255] as [UInt8]).dtype == .uint8)
    #expect(Tensor(doubles: [0.1]).dtype == .float64)
    #expect(Tensor(2.5).shape == [])
  }

  @Test func valuesComeOutInRowMajorOrderWhateverTheLayout() {
    let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect(x.transposed().floats() == [1, 4, 2, 5, 3, 6])
    #expect(x.integers() == [1, 2, 3, 4, 5, 6])
    #expect(Tensor([0, 2]).booleans() == [false, true])
    #expect(Tensor([7, 200] as [UInt8]).bytes() == [7, 200])
    #expect(Tensor([Float](), shape: [0, 4]).floats().isEmpty)
    #expect(Tensor([4]).item() == 4)
  }

  @Test func factsAreThoseOfTheTensor() {
    let x = Tensor.zeros([2, 3, 4], dtype: .int64)
    #expect(x.shape == [2, 3, 4])
    #expect(x.strides == [12, 4, 1])
    #expect(x.dimensions == 3)
    #expect(x.count == 24)
    #expect(x.size(-1) == 4)
    #expect(x.device == .cpu)
    #expect(x.byteCount == 192)
    #expect("\(Tensor([1, 2], shape: [1, 2]))" == "float32[1, 2] [1.0, 2.0]")
  }

  @Test func creationFillsAsItSays() {
    #expect(Tensor.full([2], 3.5).floats() == [3.5, 3.5])
    #expect(Tensor.arange(3).integers() == [0, 1, 2])
    #expect(Tensor.arange(from: 1, to: 2, by: 0.25).floats() == [1, 1.25, 1.5, 1.75])
    #expect(Tensor.ones(like: .zeros([2], dtype: .bool)).booleans() == [true, true])
  }

  @Test func theSameGeneratorDrawsTheSameTensor() {
    var first = Generator(seed: 5)
    var second = Generator(seed: 5)
    let draw = Tensor.normal([1000], mean: 2, deviation: 3, using: &first)
    #expect(draw.floats() == Tensor.normal([1000], mean: 2, deviation: 3, using: &second).floats())
    #expect(draw.floats() != Tensor.normal([1000], mean: 2, deviation: 3, using: &first).floats())
    #expect(abs(draw.mean().item() - 2) < 0.3)
    let uniform = Tensor.uniform([1000], low: -1, high: 1, using: &first)
    #expect(uniform.min().item() >= -1)
    #expect(uniform.max().item() < 1)
  }

  @Test(arguments: DType.allCases)
  func everyKindKeepsSmallWholeNumbers(_ dtype: DType) {
    let x = Tensor([0, 1, 1, 0]).to(dtype)
    #expect(x.dtype == dtype)
    #expect(x.floats() == [0, 1, 1, 0])
    #expect(x.byteCount == 4 * dtype.size)
  }

  @Test func bfloat16KeepsEightBitsOfTheFraction() {
    #expect(Tensor([1.00390625, 257]).to(.bfloat16).floats() == [1, 256])
    let x = Tensor.ones([1, 4, 6, 6]).to(.bfloat16)
    let y = x.convolved(Tensor.ones([2, 4, 3, 3]).to(.bfloat16), padding: 1)
    #expect(y.dtype == .bfloat16)
    #expect(y[0][0][1].floats() == [24, 36, 36, 36, 36, 24])
  }

  @Test func channelsLastChangesTheOrderInMemoryAlone() {
    let x = Tensor.arange(to: 24).reshaped([1, 2, 3, 4])
    let y = x.channelsLast()
    #expect(y.isChannelsLast)
    #expect(!y.isContiguous)
    #expect(y.strides == [24, 1, 8, 2])
    #expect(y.floats() == x.floats())
    #expect(y.convolved(.ones([3, 2, 1, 1])).isChannelsLast)
    #expect(y.contiguous().isContiguous)
  }

  @Test func aDeviceThatIsNotThereIsAnErrorNamingThoseThatAre() {
    #expect(throws: TensorError.noDevice(.cuda(63), available: Torch.devices)) {
      _ = try Tensor.ones([1]).to(.cuda(63))
    }
    #expect(Device("cuda:1") == .cuda(1))
    #expect(Device("cpu") == .cpu)
    #expect(Device("cuda:-1") == nil)
    #expect(Device("gpu") == nil)
  }
}
