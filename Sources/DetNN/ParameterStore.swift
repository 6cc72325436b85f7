internal import DetBasics
public import DetTensor

/// All that a model learns and keeps, in the order in which its layers were made, each under its path.
///
/// Layers register here what they hold; optimizers, checkpoints and freezing work on the store and never
/// look into layers. Initial values depend on the seed and the path alone, not on the order of construction.
///
/// ```swift
/// let store = ParameterStore(seed: 7)
/// let stem = Conv2d(store.root / "stem", inputs: 3, outputs: 16, kernel: 3)
/// store.entries.map(\.name)  // ["stem.weight"]
/// ```
public final class ParameterStore {
  /// Whether layers behave as in training (batch statistics) or as in use.
  public enum Mode: Sendable {
    /// Statistics of the batch; running statistics move.
    case training
    /// Running statistics.
    case evaluation
  }

  /// One registered tensor.
  public struct Entry {
    /// The path, as in `layer1.0.conv1.weight`.
    public let name: String
    /// The tensor that layers compute with.
    public let tensor: Tensor
    /// False for buffers (running statistics): kept in checkpoints, never trained.
    public let isParameter: Bool
    /// Whether weight decay applies when an optimizer spares biases and normalisations.
    public let decays: Bool
  }

  /// How layers behave now.
  public var mode: Mode = .training {
    // Training changes the weights; what a plan packed is memory that it needs.
    didSet { if mode == .training { keptPlan = nil } }
  }
  /// The plan that layers compute by, inside ``inferring(in:_:)``; elsewhere nil.
  public private(set) var plan: InferencePlan?
  /// Whether ``inferring(in:_:)`` uses a plan, or the layers as training has them.
  public var usesInferencePlan = true
  private var isInferring = false
  private var keptPlan: (plan: InferencePlan, version: Int)?
  /// Where the tensors lie.
  public let device: Device
  /// The kind of the parameters.
  public let dtype: DType
  /// Everything registered, in order.
  public private(set) var entries: [Entry] = []
  private var places: [String: Int] = [:]
  private var frozenNames: Set<String> = []
  private let generator: Generator

  /// An empty store whose initial values will follow from the seed.
  public init(seed: UInt64, device: Device = .cpu, dtype: DType = .float32) {
    self.device = device
    self.dtype = dtype
    generator = Generator(seed: seed).stream("parameters")
  }

  /// The path of the model itself.
  public var root: Scope { Scope(store: self, path: "") }

  /// Whether layers behave as in training.
  public var isTraining: Bool { mode == .training && !isInferring }

  /// The tensor under a path; nil when there is none.
  public subscript(name: String) -> Tensor? { places[name].map { entries[$0].tensor } }

  /// The entries that are trained now: parameters that are not frozen.
  public var trainable: [Entry] { entries.filter { $0.isParameter && $0.tensor.requiresGradient } }

  /// The entries of frozen parts, buffers included: what stays as it was loaded.
  public var frozen: [Entry] { entries.filter { frozenNames.contains($0.name) } }

  /// The number of learnt values, frozen ones included, running statistics not.
  public var parameterCount: Int {
    entries.reduce(0) { $1.isParameter ? $0 + $1.tensor.count : $0 }
  }

  /// Runs `body` as in use: running statistics, no gradients, layers fused by an ``InferencePlan``.
  ///
  /// The plan is kept until a weight changes; the tensors' versions tell, whoever changed them.
  public func inferring<Result>(
    in dtype: DType = .float32, _ body: () throws -> Result
  ) rethrows -> Result {
    try computing(by: usesInferencePlan ? currentPlan(dtype) : nil, body)
  }

  /// Runs `body` as in use, by a plan.
  func computing<Result>(
    by plan: InferencePlan?, _ body: () throws -> Result
  ) rethrows -> Result {
    let before = (isInferring, self.plan)
    isInferring = true
    self.plan = plan
    defer { (isInferring, self.plan) = before }
    return try withoutGradient(body)
  }

  private func currentPlan(_ dtype: DType) -> InferencePlan {
    let version = Tensor.versions(of: entries.map(\.tensor))
    if let kept = keptPlan, kept.version == version, kept.plan.dtype == dtype { return kept.plan }
    let plan = InferencePlan(dtype: dtype)
    keptPlan = (plan, version)
    return plan
  }

  /// Makes layers whose parameters are not trained; the entries that they registered.
  func freezing<Layers>(_ make: () -> Layers) -> (layers: Layers, entries: [Entry]) {
    let first = entries.count
    let layers = make()
    let made = Array(entries[first...])
    for entry in made {
      if entry.isParameter { entry.tensor.requiresGradient = false }
      frozenNames.insert(entry.name)
    }
    return (layers, made)
  }

  /// Forgets all gradients; the memory is given back.
  public func dropGradients() {
    Optimization.dropGradients(entries.filter(\.isParameter).map(\.tensor))
  }

  func register(
    _ name: String, shape: [Int], _ initializer: Initializer, isParameter: Bool, decays: Bool
  ) -> Tensor {
    precondition(places[name] == nil, "two layers share the path \"\(name)\"; give each its own")
    var stream = generator.stream(name)
    let value = initializer.tensor(shape, using: &stream).to(dtype)
    let tensor = value.moved(to: device)
    if isParameter { tensor.requiresGradient = true }
    places[name] = entries.count
    entries.append(Entry(name: name, tensor: tensor, isParameter: isParameter, decays: decays))
    return tensor
  }
}
