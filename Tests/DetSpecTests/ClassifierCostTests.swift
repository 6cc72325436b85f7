import DetSpec
import Testing

struct ClassifierCostTests {
  /// Parameters and multiply-accumulates as torchvision 0.26 states them beside its ImageNet weights (`num_params`, `_ops`).
  @Test(arguments: [
    ("resnet18", 11_689_512, 1.814), ("resnet34", 21_797_672, 3.664),
    ("resnet50", 25_557_032, 4.089), ("resnet101", 44_549_160, 7.801),
    ("mobilenetv2", 3_504_872, 0.301),
  ])
  func publishedClassifiersCostWhatIsPublished(
    _ name: String, _ parameters: Int, _ billions: Double
  ) throws {
    let cost = try ClassifierCost(
      BackboneSpec(text: name), classes: 1000, input: InputSize(width: 224, height: 224))
    #expect(cost.parameters == parameters)
    #expect(abs(Double(cost.macs) / 1e9 - billions) < 0.001, "\(cost.macs)")
    // At the least every weight is read once.
    #expect(cost.memoryAccessBytes > 4 * parameters)
  }
}
