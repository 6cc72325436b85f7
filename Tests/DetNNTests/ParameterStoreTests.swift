import DetNN
import DetTensor
import Testing

struct ParameterStoreTests {
  @Test func namesFollowThePathAndTheOrderOfConstruction() {
    let store = ParameterStore(seed: 7)
    let block = store.root / "layer1" / 0
    _ = Conv2d(block / "conv1", inputs: 3, outputs: 8, kernel: 3)
    _ = BatchNorm(block / "bn1", channels: 8)
    _ = Linear(store.root / "fc", inputs: 8, outputs: 2)
    let names = store.entries.map(\.name)
    #expect(
      names == [
        "layer1.0.conv1.weight", "layer1.0.bn1.weight", "layer1.0.bn1.bias",
        "layer1.0.bn1.running_mean", "layer1.0.bn1.running_var", "fc.weight", "fc.bias",
      ])
    #expect(store.parameterCount == 3 * 8 * 9 + 16 + 18)
    #expect(store["fc.bias"]?.shape == [2])
    #expect(store["fc.beta"] == nil)
  }

  @Test func initialValuesDependOnSeedAndPathNotOnOrder() {
    func values(_ seed: UInt64, _ order: [String]) -> [String: [Float]] {
      let store = ParameterStore(seed: seed)
      for name in order { _ = Conv2d(store.root / name, inputs: 2, outputs: 2, kernel: 3) }
      return Dictionary(uniqueKeysWithValues: store.entries.map { ($0.name, $0.tensor.floats()) })
    }
    #expect(values(7, ["a", "b"]) == values(7, ["b", "a"]))
    #expect(values(7, ["a"]) != values(8, ["a"]))
    let both = values(7, ["a", "b"])
    #expect(both["a.weight"] != both["b.weight"])
  }

  @Test func loadingReportsWhatDoesNotFit() {
    let store = ParameterStore(seed: 7)
    _ = Linear(store.root / "a", inputs: 2, outputs: 1)
    _ = Linear(store.root / "b", inputs: 2, outputs: 1)
    let report = store.load([
      "a.weight": Tensor([5, 6], shape: [1, 2]), "a.bias": .ones([3]), "c": .ones([1]),
    ])
    #expect(report.loaded == ["a.weight"])
    #expect(report.missing == ["b.weight", "b.bias"])
    #expect(report.differing == ["a.bias: [3] for [1]"])
    #expect(report.unused == ["c"])
    #expect(!report.isComplete)
    #expect(store["a.weight"]?.floats() == [5, 6])
  }

  @Test func twoLayersAtOnePathTrap() async {
    await #expect(processExitsWith: .failure) {
      let store = ParameterStore(seed: 7)
      _ = Linear(store.root / "a", inputs: 2, outputs: 1)
      _ = Linear(store.root / "a", inputs: 2, outputs: 1)
    }
  }

  /// For weights [64, 32, 3, 3]: fan-out 576, fan-in 288.
  static let spreads: [(Initializer, Double)] = [
    (.kaimingNormalFanOut, 0.058926), (.uniformFanIn, 0.034021), (.xavierUniform, 0.048113),
    (.caffe2Uniform, 0.058926), (.normal(deviation: 0.01), 0.01),
  ]

  @Test(arguments: spreads)
  func initialSpreadIsTheFormulas(_ initializer: Initializer, _ deviation: Double) {
    let store = ParameterStore(seed: 7)
    let weight = store.root.parameter("w", shape: [64, 32, 3, 3], initializer)
    let found = (weight - weight.mean()).pow(2).mean().item().squareRoot()
    #expect(abs(found / deviation - 1) < 0.03)
    #expect(abs(weight.mean().item()) < deviation * 0.03)
  }
}
