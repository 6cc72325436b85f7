// swift-tools-version: 6.2
import PackageDescription

// A program for each library. An article of the same name in Sources/MODULE/MODULE.docc walks through each;
// `Scripts/check-examples` runs them and holds the articles to them.

/// A program, named after what it does, that is built on the libraries as a package of yours would be.
func example(_ name: String, on libraries: String...) -> Target {
  .executableTarget(
    name: name,
    dependencies: libraries.map { .product(name: $0, package: "smnas") },
    // Where libtorch lies at run time; only an executable has to say it.
    linkerSettings: [
      .unsafeFlags(["-Xlinker", "-rpath=\(Context.packageDirectory)/../.deps/libtorch/lib"])
    ])
}

let package = Package(
  name: "examples",
  dependencies: [.package(name: "smnas", path: "..")],
  targets: [
    example("ReadingSettings", on: "DetBasics"),
    example("SummingInARing", on: "DetTeam"),
    example("WeighingDesigns", on: "DetSpec"),
    example("ComparingDetectors", on: "DetMetrics", "DetBasics"),
    example("LookingDataOver", on: "DetData"),
    example("FittingABox", on: "DetTensor"),
    example("LearningACurve", on: "DetNN", "DetTensor"),
    example("BuildingADetector", on: "DetModel", "DetNN", "DetSpec", "DetTensor", "DetBasics"),
    example("TrainingOnShapes", on: "DetTraining", "DetModel", "DetSpec", "DetData"),
    example(
      "DetectingObjects", on: "DetTraining", "DetData", "DetModel", "DetNN", "DetSpec",
      "DetTensor", "DetBasics"),
    example("ReportingResults", on: "DetReport", "DetSearch", "DetSpec"),
    example("WritingASearcher", on: "DetSearch", "DetSpec", "DetMetrics", "DetBasics"),
  ],
  swiftLanguageModes: [.v6]
)
