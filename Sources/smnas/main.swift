// The program: everything it does lives in DetCLI, where tests can reach it.
import DetCLI
import Foundation

Interruption.outliveClosedPipes()
exit(Program.run(Array(CommandLine.arguments.dropFirst()), .process()).rawValue)
