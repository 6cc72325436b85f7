import DetTensor
import Testing

struct ReductionTests {
  let x = Tensor([3, 1, 2, 9, 7, 8], shape: [2, 3])

  @Test func sumsAndMeansGoOverTheNamedDimensions() {
    #expect(x.sum().item() == 30)
    #expect(x.sum(1).floats() == [6, 24])
    #expect(x.sum([0], keepDims: true).shape == [1, 3])
    #expect(x.mean().item() == 5)
    #expect(x.mean([0, 1], keepDims: true).shape == [1, 1])
    #expect(x.mean(0).floats() == [6, 4, 5])
  }

  @Test func extremesComeWithTheirPlaces() {
    #expect(x.max().item() == 9)
    #expect(x.min().item() == 1)
    let (values, indices) = x.max(1)
    #expect(values.floats() == [3, 9])
    #expect(indices.integers() == [0, 0])
    #expect(x.min(0).values.floats() == [3, 1, 2])
    #expect(x.amax([0]).floats() == [9, 7, 8])
    #expect(x.amin([0, 1]).item() == 1)
  }

  @Test func sortingIsStable() {
    let ties = Tensor([2, 1, 2, 1])
    #expect(ties.sorted().indices.integers() == [1, 3, 0, 2])
    #expect(ties.sorted(descending: true).indices.integers() == [0, 2, 1, 3])
    #expect(x.sorted(1, descending: true).values.floats() == [3, 2, 1, 9, 8, 7])
  }

  @Test func placesThatAreNotZeroAreFound() {
    #expect(x.greater(than: 7.5).nonzero().integers() == [1, 0, 1, 2])
    #expect(Tensor([true, false, true]).trueIndices().integers() == [0, 2])
    #expect(Tensor([false]).trueIndices().shape == [0])
  }
}
