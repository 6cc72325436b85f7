/// Ends the run when what must hold of every answer does not.
func require(_ condition: @autoclosure () -> Bool, _ what: StaticString) {
  if !condition() { fatalError("\(what)") }
}
