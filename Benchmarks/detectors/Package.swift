// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "detector-benchmark",
  dependencies: [.package(name: "smnas", path: "../..")],
  targets: [
    .executableTarget(
      name: "detector-benchmark",
      dependencies: ["DetBasics", "DetModel", "DetNN", "DetSpec", "DetTensor"].map {
        .product(name: $0, package: "smnas")
      },
      linkerSettings: [
        .unsafeFlags(["-Xlinker", "-rpath=\(Context.packageDirectory)/../../.deps/libtorch/lib"])
      ])
  ],
  swiftLanguageModes: [.v6]
)
