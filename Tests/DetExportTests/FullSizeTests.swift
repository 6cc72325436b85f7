import DetBasics
import DetModel
import DetNN
import DetSpec
import DetTensor
import Foundation
import TestSupport
import Testing

@testable import DetExport

/// Every preset of the zoo in its full size, one after another: its file finds in other programs what the detector finds.
@Suite(
  .serialized,
  .enabled(
    if: ExportPython.path != nil && ProcessInfo.processInfo.environment["SMNAS_EXPORT_ALL"] != nil,
    "Scripts/check-export --all runs them"))
struct FullSizeTests {
  /// Through a hundred layers of random weights the last digits grow a hundredfold, where training keeps them small; what is
  /// wrong in a graph shows in most boxes.
  private static let bounds = Parity.Bounds(
    pixels: 1, score: 5e-3, tiesPerHundred: 10, unmatchedPerHundred: 10)

  /// All of them, or those that the variable names.
  private static let names: [String] = {
    let wanted = ProcessInfo.processInfo.environment["SMNAS_EXPORT_ALL"]?.split(separator: ",")
    let all = DesignPreset.all.map(\.name)
    let found = all.filter { wanted?.contains(Substring($0)) ?? false }
    return found.isEmpty ? all : found
  }()

  @Test(arguments: names)
  func aPresetFindsTheSameElsewhere(name: String) throws {
    let design = try #require(DesignPreset.named(name)).design()
    // Norms of groups keep the numbers of random weights in range, however deep a backbone is.
    let recipe = RecipePreset.modular.recipe
    // Without a neck both proposals and heads see the deepest features alone. There, behind a hundred layers of random weights, the
    // libraries are 7e-4 from exact arithmetic and these layers 2.5e-4, which is enough to choose other proposals.
    let residual = design.neck == .none ? 0.3 : 1
    let detector = try SmallDetector.make(
      design, classes: 80, recipe, factor: 0.4, residual: residual)
    let options = SmallDetector.options(detector)
    let (inputs, sizes) = SmallDetector.inputs(options)
    let bytes = try #require(inputs["images"])
    let runtime = try Runtime()
    try runtime.add(detector.graph(options, SmallDetector.range), inputs, as: name)
    let wanted = detector.detect(SmallDetector.range.normalised(bytes, sizes), sizes: sizes)
    #expect(wanted[0].count >= 3)
    try runtime.run()
    #expect(runtime.errors(name) == [])
    var others: [[Detection]] = []
    for library in Runtime.libraries {
      let found = Graph.detections(try runtime.outputs(name, in: library))[0]
      var parity = Parity()
      parity.add(found, wanted[0], bounds: Self.bounds, detector.recipe.detection.selection)
      // How far the libraries are from one another says what digits make.
      var between = Parity()
      for other in others {
        between.add(found, other, bounds: Self.bounds, detector.recipe.detection.selection)
      }
      others.append(found)
      #expect(
        parity.isEqual(within: Self.bounds), "\(library): \(parity); to the others: \(between)")
    }
  }
}
