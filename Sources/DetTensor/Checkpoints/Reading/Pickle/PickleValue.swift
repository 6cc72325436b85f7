/// A value of a pickle, as data: nothing of it is ever called.
///
/// Containers are numbers into the ``PickleContents`` that they belong to, so that a pickle which contains itself costs
/// no lasting memory, and none is too deep to be freed.
enum PickleValue: Equatable {
  case none
  case bool(Bool)
  case whole(Int)
  /// A whole number beyond 64 bits, which nothing here asks for.
  case large
  case real(Double)
  case text(String)
  /// Bytes, or a text that is too long for a name.
  case bytes(Int)
  /// A list, a tuple or a set.
  case sequence(Int)
  case dictionary(Int)
  /// The name of a class or function.
  case global(PickleGlobal)
  /// What a class or function would have made.
  case object(Int)
  /// What the program that wrote the pickle keeps elsewhere: PyTorch's storages.
  case persistent(Int)

  var whole: Int? {
    if case .whole(let value) = self { value } else { nil }
  }

  var text: String? {
    if case .text(let value) = self { value } else { nil }
  }

  var global: PickleGlobal? {
    if case .global(let value) = self { value } else { nil }
  }
}

/// The name of something in a module of Python. It is compared, never looked up.
struct PickleGlobal: Hashable, CustomStringConvertible {
  let module: String
  let name: String

  var description: String { "\(module.prefix(80)).\(name.prefix(80))" }
}
