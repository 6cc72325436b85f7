import DetBasics
import DetCommand
import DetTeam
import DetTensor
import DetTraining
import Foundation
import Synchronization

/// What the training verbs do when memory runs out: an operation without memory cannot throw, so the process becomes a new
/// one of itself, once, that goes on from the last checkpoint with half as many images at once; the second time it ends. A rank of
/// a team asks all others to do the same.
///
/// The same process number, streams and events: whoever watches the training sees a notice.
enum MemoryRetry {
  private static let variable = "SMNAS_MEMORY_RAN_OUT"
  private static let underWay = Mutex<(imagesAtOnce: Int?, wasRetried: Bool)>((nil, false))
  private static let team = Mutex<RingTeam?>(nil)
  private static let isPastTaken = Mutex(false)

  /// What ran out before this process became what it is: of the first training that it carries out, so only the first call
  /// gets it.
  static func takePast(_ context: Context) -> MemoryScarcity? {
    let isTaken = isPastTaken.withLock { isTaken in
      defer { isTaken = true }
      return isTaken
    }
    return isTaken ? nil : context.environment[variable].flatMap(MemoryScarcity.init(text:))
  }

  /// Tells of a training that begins, with so many images at once, and whether it ran out of memory before.
  static func note(imagesAtOnce count: Int?, after scarcity: MemoryScarcity?) {
    underWay.withLock { $0 = (count, scarcity != nil) }
  }

  /// Tells of the team that this process is a part of.
  static func note(team: RingTeam) { Self.team.withLock { $0 = team } }

  /// Begins again as another rank asks; returns when that is no such request, or this process did so before.
  static func join(_ error: any Error, _ context: Context) {
    guard case .beginsAgain(_, let request)? = error as? TeamError,
      context.environment[variable] == nil, let scarcity = MemoryScarcity(text: request)
    else { return }
    beginAgain(context, scarcity)
  }

  /// Sets what happens when memory runs out.
  ///
  /// - Parameters:
  ///   - context: the program and its words.
  ///   - giveUp: reports the reason as the training's last word.
  static func arm(_ context: Context, giveUp: @escaping @Sendable (String) -> Void) {
    Torch.onMemoryExhaustion { reason in
      let (images, wasRetried) = underWay.withLock { $0 }
      if !wasRetried, let images, let scarcity = MemoryScarcity(after: images, reason: reason) {
        team.withLock { $0?.leave(beginningAgain: scarcity.text) }
        beginAgain(context, scarcity)
      }
      team.withLock { $0?.leave(because: reason) }
      giveUp(reason)
      exit(ExitCode.failed.rawValue)
    }
  }

  /// Becomes a new process of the same program and words; returns when that is not possible.
  private static func beginAgain(_ context: Context, _ scarcity: MemoryScarcity) {
    setenv(variable, scarcity.text, 1)
    var words = CommandLine.arguments.map { strdup($0) }
    words.append(nil)
    execv(context.executable, words)
    for word in words { free(word) }
  }
}
