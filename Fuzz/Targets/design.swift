// fuzz: modules DetBasics DetSpec
// fuzz: sources Fuzz/Support/require.swift
// fuzz: dictionary design
import DetSpec

/// Design texts: what reads prints to something that reads equal, and can be shaped and counted.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDesign(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  guard let design = try? DetectorDesign(nameOrText: text) else { return 0 }
  let again = try? DetectorDesign(text: design.text)
  require(again == design && again?.text == design.text, "a design that reads back otherwise")
  let shapes = DesignShapes(design)
  require(
    !shapes.levels.isEmpty && shapes.levels.allSatisfy { $0.cells > 0 && $0.channels > 0 },
    "an empty level")
  let cost = DesignCost(design, classes: 80)
  require(cost.parameters > 0 && cost.macs > cost.activations, "a design without costs")
  return 0
}
