/// Finds for each tensor of a model the one of a file that fills it.
///
/// Outside the backbone's blocks, tensors of the same name and shape belong together. Each block takes from the file's
/// block with which it has most tensors in common: that at its own place before others of its stage, the
/// nearest first, before those of other stages. So a backbone that was cut, stretched or doubled elsewhere inherits what
/// there is. Blocks of different kinds have nothing in common. A bias or normalisation is filled only together with the
/// convolution or linear layer before it, without which it means nothing.
struct WeightMatcher {
  private struct Source {
    let name: String
    let shape: [Int]
  }

  private struct Block {
    let place: BlockPlace
    var tensors: [(leaf: String, tensor: WeightShape)] = []
  }

  private let model: [WeightShape]
  private let body: String
  /// The file's tensors under the names that the model would have for them.
  private let sources: [String: Source]
  private let sourceBlocks: [BlockPlace: [String: Source]]
  private var match = WeightMatch()
  private var used: Set<String> = []

  private init(_ model: [WeightShape], file: [WeightShape], body: String) {
    self.model = model
    self.body = body
    let names = CheckpointNames(file, model: model, body: body)
    match.prefix = names.reading.prefix
    match.otherPrefixes = names.otherPrefixes
    var sources: [String: Source] = [:]
    var blocks: [BlockPlace: [String: Source]] = [:]
    for tensor in file where !CheckpointNames.isCounter(tensor.name) {
      let source = Source(name: tensor.name, shape: tensor.shape)
      guard let name = names.reading.modelName(tensor.name), sources[name] == nil else { continue }
      sources[name] = source
      if let (place, leaf) = Self.block(of: name, body) {
        blocks[place, default: [:]][leaf] = source
      }
    }
    self.sources = sources
    sourceBlocks = blocks
  }

  /// The match; `body` is the path of the model's backbone, with a full stop at its end, or empty.
  static func match(
    _ model: [WeightShape], file: [WeightShape], body: String
  ) -> WeightMatch {
    var matcher = WeightMatcher(model, file: file, body: body)
    matcher.matchAll()
    let used = matcher.used
    matcher.match.leftOver = file.map(\.name).filter {
      !used.contains($0) && !CheckpointNames.isCounter($0)
    }
    return matcher.match
  }

  private static func block(
    of name: String, _ body: String
  ) -> (place: BlockPlace, leaf: String)? {
    name.hasPrefix(body) ? BlockPlace.split(name.dropFirst(body.count)) : nil
  }

  private mutating func matchAll() {
    match.values = model.reduce(0) { $0 + $1.count }
    var blocks: [Block] = []
    var places: [BlockPlace: Int] = [:]
    var rest: [WeightShape] = []
    for tensor in model {
      guard let (place, leaf) = Self.block(of: tensor.name, body) else {
        rest.append(tensor)
        continue
      }
      let number = places[place] ?? blocks.count
      if number == blocks.count {
        places[place] = number
        blocks.append(Block(place: place))
      }
      blocks[number].tensors.append((leaf, tensor))
    }
    match.blocks = blocks.count
    for block in blocks { fill(block) }
    let named = rest.map { ($0, sources[$0.name]) }
    record(named)
    let order = Dictionary(uniqueKeysWithValues: model.enumerated().map { ($1.name, $0) })
    match.pairs.sort { order[$0.path, default: 0] < order[$1.path, default: 0] }
  }

  private mutating func fill(_ block: Block) {
    let kind = Self.convolutions(block.tensors.map { ($0.leaf, $0.tensor.shape) })
    let candidates = sourceBlocks.filter { _, leaves in
      Self.convolutions(leaves.map { ($0.key, $0.value.shape) }) == kind
    }
    func rank(_ place: BlockPlace) -> [Int] {
      let filled = Self.filled(block.tensors.map { ($0.tensor, candidates[place]?[$0.leaf]) })
      let distance = abs(place.stage - block.place.stage)
      return [
        -filled.count { $0 }, distance, abs(place.index - block.place.index), place.stage,
        place.index,
      ]
    }
    let ranked = candidates.keys.map { (place: $0, rank: rank($0)) }
    let best = ranked.min { $0.rank.lexicographicallyPrecedes($1.rank) }
    let isFilled = best.map { $0.rank[0] < 0 } ?? false
    // Where nothing fits, the report compares with the block of the same place.
    let own = candidates.keys.first {
      $0.stage == block.place.stage && $0.index == block.place.index
    }
    let place = isFilled ? best?.place : own
    let leaves = place.flatMap { sourceBlocks[$0] } ?? [:]
    let count = record(block.tensors.map { ($0.tensor, leaves[$0.leaf]) })
    guard count > 0, let place else { return }
    match.filledBlocks += 1
    if place.stage != block.place.stage || place.index != block.place.index {
      match.inherited.append(
        .init(
          block: block.place.name, source: place.name, tensors: count, count: block.tensors.count))
    }
  }

  /// The convolutions along a block by name: what kind of block it is.
  private static func convolutions(_ leaves: [(String, [Int])]) -> Set<String> {
    Set(leaves.filter { $0.1.count == 4 && !$0.0.hasPrefix("downsample") }.map(\.0))
  }

  /// Which of the tensors their sources fill.
  private static func filled(_ tensors: [(tensor: WeightShape, source: Source?)]) -> [Bool] {
    var leads = true
    return tensors.map { tensor, source in
      let fits = source?.shape == tensor.shape
      if tensor.shape.count > 1 { leads = fits }
      return fits && leads
    }
  }

  /// Notes what becomes of some tensors; the number of those that are filled.
  @discardableResult
  private mutating func record(_ tensors: [(tensor: WeightShape, source: Source?)]) -> Int {
    let filled = Self.filled(tensors)
    for ((tensor, source), isFilled) in zip(tensors, filled) {
      guard let source else {
        match.missing.append(tensor.name)
        continue
      }
      if isFilled {
        match.pairs.append(.init(path: tensor.name, source: source.name))
        match.filledValues += tensor.count
        used.insert(source.name)
      } else if source.shape == tensor.shape {
        match.heldBack.append(tensor.name)
      } else {
        match.otherShape.append(
          .init(name: tensor.name, shape: tensor.shape, shapeInFile: source.shape))
      }
    }
    return filled.count { $0 }
  }
}
