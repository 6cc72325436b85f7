// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "search-benchmark",
  dependencies: [.package(name: "smnas", path: "../..")],
  targets: [
    .executableTarget(
      name: "search-benchmark",
      dependencies: [
        .product(name: "DetBasics", package: "smnas"),
        .product(name: "DetSearch", package: "smnas"),
        .product(name: "DetSpec", package: "smnas"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
