// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "loader-benchmark",
  dependencies: [.package(name: "smnas", path: "../..")],
  targets: [
    .executableTarget(
      name: "loader-benchmark", dependencies: [.product(name: "DetData", package: "smnas")])
  ],
  swiftLanguageModes: [.v6]
)
