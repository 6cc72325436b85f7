// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The import direction is the architecture: every edge below is written out, and `Scripts/check`
// refuses an `import` that is not one of them. Docs/ARCHITECTURE.md says what each module is for.

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

// libtorch lives in .deps/ (see Scripts/setup); smnas-torch and the tests find it by this run path.
let torchRunPath: [LinkerSetting] = [
  .unsafeFlags(["-Xlinker", "-rpath=\(Context.packageDirectory)/.deps/libtorch/lib"])
]

// The first program holds Swift's own libraries: as files they would take longer to load than all else before its first verb,
// and a quarter more memory. The names are those that Foundation's archives need beside themselves.
let standsAlone: [LinkerSetting] = [
  .unsafeFlags([
    "-static-stdlib", "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCShims",
    "-l_FoundationCollections",
  ])
]

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

/// Code that tests of several modules share. No source may import it: `Scripts/check-imports` allows no edge to it.
func testSupport(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Tests/Support/\(name)",
    swiftSettings: swiftSettings)
}

/// Golden files are read from the checkout, not bundled; the scripts that made them lie beside them.
func tests(_ name: String, _ also: [Target.Dependency] = []) -> Target {
  let goldens = "\(Context.packageDirectory)/Tests/\(name)Tests/Goldens"
  return .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + also,
    exclude: FileManager.default.fileExists(atPath: goldens) ? ["Goldens"] : [],
    swiftSettings: swiftSettings, linkerSettings: torchRunPath)
}

let package = Package(
  name: "smnas",
  products: [
    .executable(name: "smnas", targets: ["smnas"]),
    .executable(name: "smnas-torch", targets: ["smnas-torch"]),
    .library(name: "DetBasics", targets: ["DetBasics"]),
    .library(name: "DetData", targets: ["DetData"]),
    .library(name: "DetMetrics", targets: ["DetMetrics"]),
    .library(name: "DetModel", targets: ["DetModel"]),
    .library(name: "DetNN", targets: ["DetNN"]),
    .library(name: "DetReport", targets: ["DetReport"]),
    .library(name: "DetSearch", targets: ["DetSearch"]),
    .library(name: "DetSpec", targets: ["DetSpec"]),
    .library(name: "DetTeam", targets: ["DetTeam"]),
    .library(name: "DetTensor", targets: ["DetTensor"]),
    .library(name: "DetTraining", targets: ["DetTraining"]),
  ],
  targets: [
    // Layer 0: system libraries and the C shims over them.
    .systemLibrary(name: "CLibTorch", pkgConfig: "libtorch"),
    .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg"),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng"),
    .systemLibrary(name: "CCairo", pkgConfig: "cairo"),
    .systemLibrary(name: "CExpat", pkgConfig: "expat"),
    .systemLibrary(name: "CLAPACK", pkgConfig: "lapacke"),
    .systemLibrary(name: "CSimdJSON"),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3"),
    .target(
      name: "CTorch", dependencies: ["CLibTorch"],
      cxxSettings: ["core", "convolution", "detection"].map { .headerSearchPath($0) }),
    .target(name: "CImage", dependencies: ["CTurboJPEG", "CPNG", "CCairo"]),
    .target(
      name: "CJSON", dependencies: ["CSimdJSON"], linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CHTTP", linkerSettings: [.linkedLibrary("z"), .linkedLibrary("dl")]),

    // Layers 1 to 6.
    module("DetBasics", []),
    module("DetSpec", ["DetBasics"]),
    module("DetJSON", ["DetBasics", "CJSON"]),
    module("DetMetrics", ["DetJSON", "DetBasics", "CJSON"]),
    module("DetData", ["DetJSON", "DetBasics", "CImage", "CJSON", "CExpat"]),
    module("DetTask", ["DetData", "DetMetrics", "DetBasics"]),
    module("DetTeam", ["DetBasics"]),
    module("DetTensor", ["DetTeam", "DetBasics", "CTorch"]),
    module("DetNN", ["DetTensor", "DetBasics"]),
    module("DetModel", ["DetNN", "DetTensor", "DetSpec", "DetBasics"]),
    module(
      "DetTraining",
      [
        "DetModel", "DetNN", "DetTensor", "DetTeam", "DetSpec", "DetTask", "DetData", "DetMetrics",
        "DetBasics",
      ]),
    module("DetExport", ["DetModel", "DetNN", "DetTensor", "DetSpec", "DetBasics"]),
    module("DetSearch", ["DetSpec", "DetMetrics", "DetBasics", "CLAPACK"]),
    module("DetExecution", ["DetSearch", "DetSpec", "DetMetrics", "DetBasics", "CSQLite"]),
    module("DetSlurm", ["DetExecution", "DetSearch", "DetSpec", "DetBasics"]),
    module("DetReport", ["DetExecution", "DetSearch", "DetSpec", "DetMetrics", "DetBasics"]),
    module("DetServe", ["DetReport", "DetExecution", "DetSearch", "DetBasics", "CHTTP"]),

    // The command line: what both programs share, the search half, the learning half. No edge leads from the first program to
    // DetTensor, so that it starts without libtorch.
    module("DetCommand", ["DetSearch", "DetTask", "DetData", "DetSpec", "DetBasics"]),
    module(
      "DetCLI",
      [
        "DetCommand", "DetServe", "DetReport", "DetSlurm", "DetExecution", "DetSearch", "DetTask",
        "DetData",
        "DetMetrics", "DetSpec", "DetBasics",
      ]),
    module(
      "DetTorchCLI",
      [
        "DetCommand", "DetExport", "DetTraining", "DetModel", "DetNN", "DetTensor", "DetTeam",
        "DetSearch", "DetTask", "DetData", "DetSpec", "DetBasics",
      ]),
    .executableTarget(
      name: "smnas", dependencies: ["DetCLI", "DetCommand"], swiftSettings: swiftSettings,
      linkerSettings: standsAlone),
    .executableTarget(
      name: "smnas-torch", dependencies: ["DetTorchCLI", "DetCommand"],
      swiftSettings: swiftSettings, linkerSettings: torchRunPath),

    testSupport("TestSupport", ["DetBasics"]),
    testSupport("TensorTestSupport", ["DetTensor", "DetTeam"]),
    testSupport("CommandTestSupport", ["DetCommand", "DetBasics", "TestSupport"]),
    tests("DetBasics"),
    tests("DetSpec", ["DetBasics"]),
    tests("DetMetrics", ["DetBasics"]),
    tests("DetData", ["DetBasics"]),
    tests("DetTask", ["DetData", "DetMetrics", "DetBasics"]),
    tests("DetTeam", ["DetBasics"]),
    tests("DetTensor", ["DetTeam", "DetBasics", "TensorTestSupport"]),
    tests("DetNN", ["DetTensor", "DetBasics", "TensorTestSupport"]),
    tests("DetModel", ["DetNN", "DetTensor", "DetSpec", "DetBasics", "TensorTestSupport"]),
    tests(
      "DetTraining",
      [
        "DetModel", "DetNN", "DetTensor", "DetTeam", "DetSpec", "DetTask", "DetData", "DetMetrics",
        "DetBasics", "TensorTestSupport",
      ]),
    tests(
      "DetExport",
      ["DetModel", "DetNN", "DetTensor", "DetSpec", "DetBasics", "TensorTestSupport"]),
    tests("DetSearch", ["DetSpec", "DetMetrics", "DetBasics"]),
    tests("DetExecution", ["DetSearch", "DetSpec", "DetMetrics", "DetBasics"]),
    tests(
      "DetSlurm", ["CommandTestSupport", "DetExecution", "DetSearch", "DetSpec", "DetBasics"]),
    tests("DetReport", ["DetExecution", "DetSearch", "DetSpec", "DetMetrics", "DetBasics"]),
    tests(
      "DetServe",
      ["CommandTestSupport", "DetReport", "DetExecution", "DetSearch", "DetSpec", "DetBasics"]),
    tests("DetCommand", ["CommandTestSupport", "DetBasics"]),
    tests(
      "DetCLI",
      [
        "CommandTestSupport", "DetCommand", "DetReport", "DetExecution", "DetSearch", "DetTask",
        "DetData", "DetMetrics", "DetSpec", "DetBasics",
      ]),
    tests(
      "DetTorchCLI",
      [
        "CommandTestSupport", "DetTeam", "DetCommand", "DetExport", "DetTraining", "DetModel",
        "DetNN", "DetTensor",
        "DetSearch", "DetData", "DetSpec", "DetBasics",
      ]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20
)
