import DetNN
import Testing

struct ScheduleTests {
  @Test func cosineStartsHighEndsLowAndIsHalfwayInTheMiddle() {
    let schedule = Schedule.cosine(from: 0.3, to: 0.1)
    #expect(abs(schedule(0) - 0.3) < 1e-12)
    #expect(abs(schedule(0.5) - 0.2) < 1e-12)
    #expect(abs(schedule(1) - 0.1) < 1e-12)
    #expect(schedule(2) == schedule(1))
  }

  @Test func warmUpRisesToWhereTheScheduleStands() {
    let schedule = Schedule.constant(1).warmedUp(for: 0.2, from: 0)
    #expect(schedule(0) == 0)
    #expect(abs(schedule(0.1) - 0.5) < 1e-12)
    #expect(schedule(0.2) == 1)
    #expect(Schedule.constant(1).warmedUp(for: 0, from: 0) == .constant(1))
  }

  @Test func stepsMultiplyAtEachMilestone() {
    let schedule = Schedule.steps(from: 8, milestones: [0.5, 0.75], factor: 0.5)
    #expect([0, 0.49, 0.5, 0.8].map { schedule($0) } == [8, 8, 4, 2])
    #expect(Schedule.linear(from: 1, to: 3)(0.25) == 1.5)
  }
}
