import Foundation

/// What went wrong with a file or folder: the path, what happened, and what would fix it.
public struct FileError: SurroundingsError, Equatable, Sendable, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// What happened.
  public let problem: String
  /// What would fix it; empty when only the reader can know.
  public let cure: String
  /// The `errno` of the system call that failed; nil when none did.
  public let errorNumber: Int32?

  /// Describes a problem with a path.
  public init(path: String, problem: String, cure: String = "", errorNumber: Int32? = nil) {
    self.path = path
    self.problem = problem
    self.cure = cure
    self.errorNumber = errorNumber
  }

  /// The problem that `errno` names, after a failed system call.
  public init(path: String, action: String, errorNumber: Int32) {
    self.path = path
    self.errorNumber = errorNumber
    problem = "cannot \(action): \(String(cString: strerror(errorNumber)))"
    switch errorNumber {
    case ENOSPC, EDQUOT, EFBIG: cure = "free some space; what was finished is kept"
    case EACCES, EPERM, EROFS: cure = "check the permissions, or choose another folder"
    case ENOENT, ENOTDIR, ELOOP, EISDIR: cure = "check the path"
    case ENAMETOOLONG: cure = "choose a shorter path"
    default: cure = ""
    }
  }

  /// What the system's error number means.
  public var surroundings: SurroundingsFault? {
    errorNumber.flatMap(SurroundingsFault.init(errorNumber:))
  }

  /// One line: path, problem, cure.
  public var description: String {
    "\(path.oneLine): \(problem)" + (cure.isEmpty ? "" : "; \(cure)")
  }
}
