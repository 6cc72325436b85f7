// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "training-benchmark",
  dependencies: [.package(name: "smnas", path: "../..")],
  targets: [
    .executableTarget(
      name: "export-dataset", dependencies: [.product(name: "DetData", package: "smnas")])
  ],
  swiftLanguageModes: [.v6]
)
