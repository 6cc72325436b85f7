import DetBasics
import DetSpec
import Foundation

/// What a trial's accuracy follows from, but for chance: trials that are equal in it differ in their seeds and roundings alone.
///
/// How latencies are taken is no part of it.
struct ResultKey: Codable, Hashable {
  /// What trains: `smnas-1`, or the word of a plan's own program.
  let trainer: String
  /// The design's text.
  let design: String
  /// The recipe, without places of files.
  let recipe: JSONValue
  /// The content of the weights that the backbone starts from; nil from scratch.
  let weights: String?
  /// The content of both data sets; where only the trainer can read them, the plan's description.
  let data: String

  /// The key of a job; nil when not all of it is known.
  ///
  /// - Parameters:
  ///   - job: what the worker is asked.
  ///   - trainer: takes the place of the job's own word, where trainers need not be told apart.
  ///   - hashes: reads weights of which the job does not say the content.
  init?(_ job: TrialJob, trainer: String? = nil, hashes: FileHashes) {
    guard let word = trainer ?? job.trainer else { return nil }
    self.trainer = word
    design = job.design.text
    guard let recipe = try? Self.content(of: job.recipe) else { return nil }
    self.recipe = recipe
    if let file = job.recipe.pretrained {
      guard let content = job.weightsFingerprint ?? hashes.hash(of: file) else { return nil }
      weights = content
    } else {
      weights = nil
    }
    if let state = job.dataState {
      data = state.fingerprint
    } else {
      // A word of its own stands for the data, too, where this program cannot read them.
      guard word != TrainingVersion.trainer, let text = try? JSON.text(job.data) else {
        return nil
      }
      data = StableHash.hex(of: text)
    }
  }

  /// What of a recipe decides the weights.
  static func content(of recipe: Recipe) throws -> JSONValue {
    guard case .object(var members) = try JSON.value(recipe) else { return .null }
    members["latency"] = nil
    members["pretrained"] = nil
    return .object(members)
  }
}

/// What an accuracy depends on to the last bit, beside its ``ResultKey``: the same as what a training that is resumed must find again.
struct ResultConditions: Codable, Hashable {
  /// The seed of everything random.
  let seed: UInt64
  /// `cpu` or `cuda`.
  let device: String
  /// Sums depend on how they are divided.
  let threads: Int

  init(_ job: TrialJob) {
    seed = job.seed
    device = job.device.split(separator: ":").first.map(String.init) ?? job.device
    threads = job.threads
  }
}

/// Contents of files, each read once as long as it is not written to.
final class FileHashes {
  private var known: [String: (status: FileStatus, hash: String)] = [:]

  /// The hash of a file's content; nil when it cannot be read.
  func hash(of path: String) -> String? {
    guard let status = FileStatus(path) else { return nil }
    if let known = known[path], known.status == status { return known.hash }
    guard let hash = try? StableHash.hex(ofFile: path) else { return nil }
    known[path] = (status, hash)
    return hash
  }
}
