import Foundation

/// Ends a worker when the process that started it is gone, however it went.
///
/// The starter keeps the write end of a pipe and gives the worker the read end, whose number stands in the
/// environment. The kernel closes the write end when the starter dies, even by SIGKILL; the worker, which never
/// reads anything else there, then sees the end of the pipe.
public enum Lifeline {
  /// The environment variable with the number of the worker's end.
  public static let variable = "SMNAS_LIFELINE"

  /// Watches on a thread of its own, where this process was started with a lifeline; otherwise does nothing.
  public static func watch() {
    guard let text = ProcessInfo.processInfo.environment[variable], let descriptor = Int32(text) else { return }
    let thread = Thread {
      var byte: UInt8 = 0
      while true {
        let count = read(descriptor, &byte, 1)
        if count == 0 { break }
        if count < 0 && errno != EINTR { return }
      }
      // Whatever this worker started lives in its process group and must go too.
      if getpgrp() == getpid() { kill(0, SIGKILL) }
      _exit(1)
    }
    thread.name = "lifeline"
    thread.start()
  }
}
