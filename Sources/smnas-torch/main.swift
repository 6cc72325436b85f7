// The second program, which links libtorch: what it does lives in DetTorchCLI, where tests can reach it.
import DetCommand
import DetTorchCLI
import Foundation

Interruption.outliveClosedPipes()
Interruption.outliveFileLimits()
exit(Program.run(Array(CommandLine.arguments.dropFirst()), .process()).rawValue)
