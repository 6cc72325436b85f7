import Foundation

/// What can be wrong around a piece of work, so that nothing was learnt about the work itself.
///
/// The one list of such faults. No design is charged with one: a worker names it in its last event, the search pauses, and the
/// trial stays open until it is done again.
public enum SurroundingsFault: String, Sendable, Hashable, CaseIterable {
  /// There is no room: the disk, the user's share of it, or the largest file allowed.
  case diskFull
  /// The place may be read only.
  case readOnly
  /// The user has no right to it.
  case noPermission
  /// A file or folder of the data or of the run is not there any more, or something else is in its place.
  case gone
  /// The data cannot be read, though they could when the run began.
  case dataBroken
  /// The data are not those that the run is judged by.
  case dataChanged
  /// The disk, or the way to it, has failed.
  case diskFailed
  /// The system gives no more files, processes or memory.
  case exhausted
  /// The program that does the work is not there, or cannot be run.
  case noWorker
  /// The device to compute on is not there.
  case noDevice
  /// The store of the trials is gone, damaged, or held by another program.
  case storeUnusable
  /// A process of the team that trains together is gone, or never came.
  case rankLost
  /// The program that measures latencies gave no answer, a wrong one, or none in time.
  case noLatency
  /// A latency was taken on another device than those it would stand beside.
  case otherDevice
  /// A cluster does not take a job, or its jobs end again and again without a word.
  case jobsLost
}

extension SurroundingsFault {
  /// What is wrong, in a sentence without a full stop.
  public var words: String {
    switch self {
    case .diskFull: "there is no room on the disk"
    case .readOnly: "the place may only be read"
    case .noPermission: "a right is missing"
    case .gone: "a file or folder is gone, or is not what it was"
    case .dataBroken: "the data cannot be read"
    case .dataChanged: "the data have changed"
    case .diskFailed: "the disk has failed"
    case .exhausted: "the system gives no more files, processes or memory"
    case .noWorker: "the program that does the trials cannot be run"
    case .noDevice: "the device is not there"
    case .storeUnusable: "the store of the trials cannot be used"
    case .rankLost: "a process of the team is gone"
    case .noLatency: "the program that measures latencies gave no answer"
    case .otherDevice: "the latency was taken on another device than those of the run"
    case .jobsLost: "the cluster does not carry the jobs out"
    }
  }

  /// What to do before the work goes on, without a full stop.
  public var cure: String {
    switch self {
    case .diskFull: "free some space"
    case .readOnly: "make the place writable"
    case .noPermission: "give yourself the right to it"
    case .gone: "put it back where it was"
    case .dataBroken: "put the data back as they were; smnas doctor lists what is wrong"
    case .dataChanged:
      "put the data back as they were, or add --accept-changed-data (see smnas search --help)"
    case .diskFailed: "check the disk and the connection to it"
    case .exhausted: "close other programs, or raise the limit (see ulimit -n, ulimit -u)"
    case .noWorker: "check runner.command in the plan, and the installation"
    case .noDevice: "check the device (see smnas devices), and \"device\" in the plan"
    case .storeUnusable: "end what holds it, or put back a copy"
    case .rankLost: "check the machines and the network between them"
    case .noLatency:
      "try latency.command by hand with the job that the reason names, or raise latency.timeoutSeconds in the plan"
    case .otherDevice:
      "go back to the device of the run, or take all its latencies on this one (smnas measure DIR --all)"
    case .jobsLost: "check runner.slurm in the plan, and the cluster (see sinfo)"
    }
  }

  /// The system's error numbers that mean it.
  private var errorNumbers: [Int32] {
    switch self {
    case .diskFull: [ENOSPC, EDQUOT, EFBIG]
    case .readOnly: [EROFS]
    case .noPermission: [EACCES, EPERM]
    case .gone: [ENOENT, ENOTDIR, EISDIR, EEXIST, ELOOP]
    case .diskFailed: [EIO, ESTALE, ENODEV, ENXIO, ENOTCONN, EHOSTDOWN, ETIMEDOUT]
    case .exhausted: [EMFILE, ENFILE, EAGAIN, ENOMEM, ENOLCK]
    case .dataBroken, .dataChanged, .noWorker, .noDevice, .storeUnusable, .rankLost, .noLatency,
      .otherDevice, .jobsLost:
      []
    }
  }

  /// What a system call's `errno` means; nil for the caller's own mistakes.
  public init?(errorNumber: Int32) {
    guard let fault = Self.allCases.first(where: { $0.errorNumbers.contains(errorNumber) }) else {
      return nil
    }
    self = fault
  }

  /// The exit statuses by which a program says so that cannot say more, after BSD's `sysexits.h` and the shell's 126 and 127.
  private var exitStatuses: [Int] {
    switch self {
    case .dataBroken: [65]
    case .gone: [66]
    case .noWorker: [69, 126, 127]
    case .exhausted: [71, 75]
    case .diskFull: [73]
    case .diskFailed: [74]
    case .noPermission: [77]
    case .readOnly, .dataChanged, .noDevice, .storeUnusable, .rankLost, .noLatency, .otherDevice,
      .jobsLost:
      []
    }
  }

  /// What a worker's exit status means when it has said nothing else; nil for statuses that may mean anything.
  public init?(exitStatus: Int) {
    guard let fault = Self.allCases.first(where: { $0.exitStatuses.contains(exitStatus) }) else {
      return nil
    }
    self = fault
  }

  /// What a sentence of another program's quotes from the system, as in `OSError: [Errno 28] No space left on device`.
  ///
  /// Only sentences that no design can bring about count: a file that is missing may be one that the program itself should
  /// have made.
  public init?(quotedIn text: String) {
    let telling = Self.allCases.filter { fault in
      switch fault {
      case .diskFull, .readOnly, .diskFailed, .exhausted: true
      case .noPermission, .gone, .dataBroken, .dataChanged, .noWorker, .noDevice, .storeUnusable,
        .rankLost, .noLatency, .otherDevice, .jobsLost:
        false
      }
    }
    let found = telling.first { fault in
      fault.errorNumbers.contains { number in
        // Memory that ran out has its own outcome.
        number != ENOMEM && text.contains(String(cString: strerror(number)))
      }
    }
    guard let found else { return nil }
    self = found
  }
}

/// An error that may be a fault of the surroundings.
public protocol SurroundingsError: Error {
  /// Which fault it is; nil when it is none.
  var surroundings: SurroundingsFault? { get }
}
