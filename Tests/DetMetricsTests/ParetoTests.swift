import DetBasics
import DetMetrics
import TestSupport
import Testing

private struct ParetoGolden: Decodable {
  struct Case: Decodable {
    let points: [[Double]]
    let directions: [Direction]
    let reference: [Double]
    let ranks: [Int]
    let hypervolume: Double
    let crowding: [Double]
  }
  let pymoo: String
  let cases: [Case]
}

@Suite struct ParetoTests {
  private let golden: ParetoGolden

  init() throws { golden = try Golden.read(ParetoGolden.self, "pareto.json") }

  @Test func ranksEqualPymoo() {
    for one in golden.cases {
      let ranks = ParetoFront.nonDominatedRanks(of: one.points, directions: one.directions)
      #expect(ranks == one.ranks)
      let front = ParetoFront.indices(of: one.points, directions: one.directions)
      #expect(front == one.ranks.indices.filter { one.ranks[$0] == 0 })
    }
  }

  @Test func hypervolumeEqualsPymoo() {
    for one in golden.cases {
      let value = Hypervolume.value(
        one.points, reference: one.reference, directions: one.directions)
      #expect(abs(value - one.hypervolume) <= 1e-12)
    }
  }

  @Test func crowdingEqualsPymoo() {
    for one in golden.cases where !one.crowding.isEmpty {
      for (mine, theirs) in zip(CrowdingDistance.values(of: one.points), one.crowding) {
        #expect(theirs < 0 ? mine == .infinity : abs(mine - theirs) <= 1e-12)
      }
    }
  }

  @Test func twinsShareTheFront() {
    let points: [[Double]] = [[1, 1], [1, 1], [2, 2], [1, 2]]
    let both: [Direction] = [.minimize, .minimize]
    #expect(ParetoFront.indices(of: points, directions: both) == [0, 1])
    #expect(ParetoFront.nonDominatedRanks(of: points, directions: both) == [0, 0, 2, 1])
    #expect(ParetoFront.fronts(of: points, directions: both) == [[0, 1], [3], [2]])
  }

  @Test func oneObjectiveAndNoPoints() {
    #expect(ParetoFront.indices(of: [[3], [1], [2]], directions: [.maximize]) == [0])
    #expect(
      ParetoFront.nonDominatedRanks(of: [[3], [1], [2]], directions: [.minimize]) == [2, 0, 1])
    #expect(ParetoFront.indices(of: [], directions: [.minimize, .maximize]) == [])
    #expect(Hypervolume.value([], reference: [1, 1], directions: [.minimize, .minimize]) == 0)
  }

  @Test func pointsBeyondTheReferenceAddNothing() {
    let both: [Direction] = [.minimize, .maximize]
    let inside = Hypervolume.value([[1, 3]], reference: [4, 0], directions: both)
    #expect(inside == 9)
    #expect(Hypervolume.value([[1, 3], [5, 9]], reference: [4, 0], directions: both) == inside)
  }

  @Test func aCoordinateThatIsNaNStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      _ = ParetoFront.indices(of: [[Double.nan, 1]], directions: [.minimize, .minimize])
    }
  }
}
