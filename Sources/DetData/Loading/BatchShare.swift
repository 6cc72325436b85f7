/// One of several equal parts of every batch, for processes that train together.
///
/// The whole batch is planned by each of them, so that order, random changes and padding are those of one process that
/// does it all.
public struct BatchShare: Sendable, Equatable {
  /// Which part, from 0.
  public let number: Int
  /// How many parts there are.
  public let count: Int

  /// A part.
  public init(_ number: Int, of count: Int) {
    precondition((0..<count).contains(number), "there is no part \(number) of \(count)")
    self.number = number
    self.count = count
  }

  /// The places in a batch of so many images.
  func places(of images: Int) -> Range<Int> {
    images * number / count..<images * (number + 1) / count
  }
}
