import DetMetrics
import Testing

struct RankCorrelationTests {
  private func correlation(_ a: [Double], _ b: [Double]) -> RankCorrelation? {
    RankCorrelation(Array(zip(a, b)))
  }

  @Test func theSameOrderIsOneAndTheOppositeMinusOne() throws {
    let same = try #require(correlation([1, 2, 5, 9], [10, 11, 300, 301]))
    #expect((same.kendall, same.spearman, same.count) == (1, 1, 4))
    let opposite = try #require(correlation([1, 2, 5, 9], [4, 3, 2, 1]))
    #expect((opposite.kendall, opposite.spearman) == (-1, -1))
  }

  // scipy 1.14: kendalltau([1, 2, 2, 4, 5], [1, 3, 2, 5, 4]) and spearmanr of the same.
  @Test func tiesAreCountedAsInScipy() throws {
    let found = try #require(correlation([1, 2, 2, 4, 5], [1, 3, 2, 5, 4]))
    #expect(abs(found.kendall - 0.737_864_787_372_622) < 1e-12)
    #expect(abs(found.spearman - 0.872_081_599_272_381_4) < 1e-12)
  }

  @Test func thereIsNoneOfFewerThanTwoOrOfNumbersThatAreAllTheSame() {
    #expect(correlation([], []) == nil)
    #expect(correlation([1], [2]) == nil)
    #expect(correlation([3, 3, 3], [1, 2, 3]) == nil)
    #expect(correlation([1, 2, 3], [7, 7, 7]) == nil)
  }
}
