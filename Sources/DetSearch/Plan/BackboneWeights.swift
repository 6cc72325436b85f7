package import DetBasics
public import DetSpec

/// The weights that the designs of a stage start from: a file for each backbone.
public struct BackboneWeights: Hashable, Sendable {
  /// A folder of files under torchvision's names, such as `resnet50-0676ba61.pth`; nil where all are named in ``files``.
  public var folder: String?
  /// Files by backbone; they go before those of the folder.
  public var files: [String: BackboneFile] = [:]
  /// Whether a backbone without weights starts from scratch; else the plan is refused.
  public var allowsScratch = false

  /// No weights.
  public init() {}

  /// The file of a backbone; nil when it starts from scratch.
  public subscript(backbone: BackboneSpec) -> BackboneFile? { files[backbone.text] }

  /// How the names of a backbone's published files begin, the usual one first.
  package static func stems(of backbone: BackboneSpec) -> [String] {
    guard case .classic(let name, let base) = backbone, base == name.standardBase else {
      return [backbone.text]
    }
    return switch name {
    case .resnet18, .resnet34, .resnet50, .resnet101: [name.rawValue]
    case .resnext50: ["resnext50_32x4d", name.rawValue]
    case .resnext101: ["resnext101_32x4d", name.rawValue]
    case .mobilenetv2: ["mobilenet_v2", name.rawValue]
    }
  }

  /// Whether a file of a folder is named as weights of a backbone: a stem, eight digits of a hash or none, an ending of weights.
  package static func isName(_ file: String, of backbone: BackboneSpec) -> Bool {
    let parts = file.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, ["pth", "pt", "safetensors"].contains(parts[1]) else { return false }
    return stems(of: backbone).contains { stem in
      guard parts[0].hasPrefix(stem) else { return false }
      let rest = parts[0].dropFirst(stem.count)
      return rest.isEmpty
        || rest.first == "-" && rest.count == 9
          && rest.dropFirst().allSatisfy(\.isHexDigit)
    }
  }
}

/// A file of weights in a plan.
public struct BackboneFile: Hashable, Sendable {
  /// Where it is.
  public var path: String
  /// What its content was when the plan was read; nil before.
  public var fingerprint: String?

  /// Names a file.
  public init(path: String, fingerprint: String? = nil) {
    self.path = path
    self.fingerprint = fingerprint
  }
}

extension BackboneFile: Codable {
  private enum CodingKeys: String, CodingKey { case path, fingerprint }

  /// Reads a path, or an object with a fingerprint.
  public init(from decoder: any Decoder) throws {
    if let path = try? decoder.singleValueContainer().decode(String.self) {
      self.init(path: path)
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      path: try container.decode(String.self, forKey: .path),
      fingerprint: try container.decodeIfPresent(String.self, forKey: .fingerprint))
  }
}

extension BackboneWeights: Codable {
  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    self.init()
    try Self.settings.decode(into: &self, from: decoder)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws { try Self.settings.write(self, to: encoder) }
}

extension BackboneWeights: SettingValue {
  package static var form: String { "object" }

  /// The keys of the section `structural.weights`.
  package static let settings = SettingsTable<BackboneWeights> {
    $0.path(
      "folder", \.folder,
      "A folder of weights under torchvision's names (resnet50-0676ba61.pth); relative to the plan's folder."
    )
    $0.add(
      "files", \.files,
      "Files by backbone, for those that the folder has not: { \"resnet50\": \"r50.pth\" }.",
      SettingRule(
        "backbones of the space",
        problem: { files, _ in
          for key in files.keys.sorted() where (try? BackboneSpec(text: key))?.text != key {
            return "names \"\(key)\", which is no backbone; use names as in the space's backbones"
          }
          return nil
        }))
    $0.add(
      "allowsScratch", \.allowsScratch,
      "Whether backbones without weights start from scratch; else the plan is refused.")
  }
}

extension BackboneFile: SettingValue {
  package static var form: String { "path" }
}
