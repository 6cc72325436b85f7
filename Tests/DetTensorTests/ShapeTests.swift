import DetTensor
import Testing

struct ShapeTests {
  let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])

  @Test func shapesChangeWithoutChangingTheElements() {
    #expect(x.reshaped([3, -1]).floats() == [1, 2, 3, 4, 5, 6])
    #expect(x.permuted([1, 0]).shape == [3, 2])
    #expect(x.flattened().shape == [6])
    #expect(Tensor.zeros([2, 3, 4, 5]).flattened(from: 1, through: 2).shape == [2, 12, 5])
    #expect(x.unsqueezed(1).shape == [2, 1, 3])
    #expect(x.unsqueezed(1).squeezed(1).shape == [2, 3])
    #expect(x.unsqueezed(0).expanded([4, -1, -1]).shape == [4, 2, 3])
    #expect(x.repeated([1, 2]).floats() == [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6])
  }

  @Test func paddingPutsABorderAround() {
    let padded = x.padded(left: 1, bottom: 1, value: -1)
    #expect(padded.shape == [3, 4])
    #expect(padded.floats() == [-1, 1, 2, 3, -1, 4, 5, 6, -1, -1, -1, -1])
  }

  @Test func splittingAndJoiningUndoEachOther() {
    let parts = x.split(sizes: [1, 2], dim: 1)
    #expect(parts.map(\.shape) == [[2, 1], [2, 2]])
    #expect(Tensor.concatenated(parts, dim: 1).floats() == x.floats())
    #expect(Tensor.stacked([x, x], dim: 1).shape == [2, 2, 3])
  }

  @Test func indexingTakesPlacesAndViewsShareMemory() {
    #expect(x[1].floats() == [4, 5, 6])
    #expect(x.column(0).floats() == [1, 4])
    #expect(x.narrowed(dim: 1, from: 1, count: 2).floats() == [2, 3, 5, 6])
    #expect(x.sliced(dim: 1, from: 0, to: 3, by: 2).floats() == [1, 3, 4, 6])
    #expect(x.rows(at: Tensor([1, 1, 0] as [Int])).shape == [3, 3])
    #expect(x.rows(where: Tensor([false, true])).floats() == [4, 5, 6])
    #expect(x.indexSelect(dim: 1, Tensor([2] as [Int])).floats() == [3, 6])
    #expect(x.masked(by: x.greater(than: 4)).floats() == [5, 6])
    #expect(x.filled(where: x.greater(than: 4), with: 0).floats() == [1, 2, 3, 4, 0, 0])
    #expect(Tensor([1, 0] as [Int]).oneHot(3).integers() == [0, 1, 0, 1, 0, 0])
    let own = x.cloned()
    own[0].fill_(7)
    #expect(own.floats() == [7, 7, 7, 4, 5, 6])
    #expect(x.floats() == [1, 2, 3, 4, 5, 6])
  }

  @Test func writingGoesToTheIndexedPlaces() {
    let table = Tensor.zeros([3, 2])
    table.copy_(at: Tensor([0] as [Int]), Tensor([1, 2], shape: [1, 2]))
    table.fill_(where: table.equal(to: 0), with: -1)
    #expect(table.floats() == [1, 2, -1, -1, -1, -1])
  }
}
