import Foundation
import Testing

@testable import DetTraining

@Suite(.serialized) struct PeakMemoryTests {
  static let canMeasure = FileManager.default.isWritableFile(atPath: "/proc/self/clear_refs")

  /// Takes memory and writes every page of it, so that it is resident.
  private func hold(mebibytes: Int) {
    let bytes = mebibytes << 20
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 4096)
    memset(memory, 1, bytes)
    memory.deallocate()
  }

  @Test(.enabled(if: canMeasure)) func thePeakIsOfTheBodyAlone() throws {
    hold(mebibytes: 300)
    let little = try #require(PeakMemory.bytes { hold(mebibytes: 1) })
    let much = try #require(PeakMemory.bytes { hold(mebibytes: 200) })
    let again = try #require(PeakMemory.bytes { hold(mebibytes: 1) })
    // Resident memory is counted in batches of pages, and other tests of the process may run.
    #expect(abs(much - little - 199 << 20) < 40 << 20)
    #expect(abs(again - little) < 40 << 20)
  }

  @Test(.enabled(if: !canMeasure)) func withoutTheSystemsHelpThereIsNoNumber() {
    #expect(PeakMemory.bytes {} == nil)
  }
}
