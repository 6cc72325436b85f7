// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "pareto-benchmark",
  dependencies: [.package(name: "smnas", path: "../..")],
  targets: [
    .executableTarget(
      name: "pareto-benchmark",
      dependencies: [
        .product(name: "DetBasics", package: "smnas"),
        .product(name: "DetMetrics", package: "smnas"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
