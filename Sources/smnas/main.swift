// The program: everything it does lives in DetCLI, where tests can reach it.
