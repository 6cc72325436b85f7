import Foundation

/// What went wrong with a file or folder: the path, what happened, and what would fix it.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// What happened.
  public let problem: String
  /// What would fix it; empty when only the reader can know.
  public let cure: String

  /// Describes a problem with a path.
  public init(path: String, problem: String, cure: String = "") {
    self.path = path
    self.problem = problem
    self.cure = cure
  }

  /// The problem that `errno` names, after a failed system call.
  public init(path: String, action: String, errorNumber: Int32) {
    self.path = path
    problem = "cannot \(action): \(String(cString: strerror(errorNumber)))"
    switch errorNumber {
    case ENOSPC, EDQUOT: cure = "free some space; what was finished is kept"
    case EACCES, EPERM, EROFS: cure = "check the permissions, or choose another folder"
    case ENOENT: cure = "check the path"
    default: cure = ""
    }
  }

  /// One line: path, problem, cure.
  public var description: String {
    "\(path): \(problem)" + (cure.isEmpty ? "" : "; \(cure)")
  }
}
