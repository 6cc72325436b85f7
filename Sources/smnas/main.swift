// The first program: searches, evaluates, reports, and hands over to smnas-torch whatever computes with tensors. Everything it
// does lives in DetCLI, where tests can reach it.
import DetCLI
import DetCommand
import Foundation

Interruption.outliveClosedPipes()
Interruption.outliveFileLimits()
exit(Program.run(Array(CommandLine.arguments.dropFirst()), .process()).rawValue)
