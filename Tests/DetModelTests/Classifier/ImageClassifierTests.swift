import DetNN
import DetSpec
import DetTensor
import TestSupport
import Testing

@testable import DetModel

/// Classifiers with the same weights answer as torchvision's (Goldens/make_classifier.py).
struct ImageClassifierTests {
  private struct File: Decodable {
    struct Network: Decodable {
      let backbone: String
      let parameters: Int
      let names: [String]
      let logits: [Double]
    }
    let torch: String
    let torchvision: String
    let networks: [Network]
  }

  private func networks() throws -> [File.Network] {
    try Golden.read(File.self, "classifier.json").networks
  }

  @Test func namesParametersAndLogitsAreTorchvisions() throws {
    let networks = try networks()
    #expect(networks.map(\.backbone) == ["resnet18", "mobilenetv2"])
    for golden in networks {
      let classifier = try ImageClassifier(
        BackboneSpec(text: golden.backbone), classes: 7, seed: 1)
      #expect(classifier.store.parameterCount == golden.parameters)
      #expect(classifier.store.entries.map(\.name).sorted() == golden.names)
      Noise.fill(classifier.store)
      classifier.store.mode = .evaluation
      let logits = withoutGradient { classifier(Noise.tensor(100, [2, 3, 64, 64])) }
      #expect(logits.shape == [2, 7])
      expectClose(
        logits.doubles(), golden.logits, golden.backbone, tolerance: 1e-4, scale: .largest)
    }
  }

  @Test func codedBackbonesAreClassifiersToo() throws {
    let classifier = try ImageClassifier(
      BackboneSpec(text: "mbblock 8 1-2-2-2"), classes: 3, seed: 1)
    let logits = classifier(Noise.tensor(1, [2, 3, 64, 64]))
    #expect(logits.shape == [2, 3])
    #expect(classifier.store["fc.weight"]?.shape == [3, 64])
  }

  @Test func noClassesAreRefused() throws {
    #expect(throws: ModelError.classes(0)) {
      _ = try ImageClassifier(BackboneSpec(text: "resnet18"), classes: 0, seed: 1)
    }
  }
}
