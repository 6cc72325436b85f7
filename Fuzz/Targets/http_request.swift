// fuzz: modules CSimdJSON CJSON CSQLite CLAPACK CHTTP DetBasics DetJSON DetSpec DetMetrics DetSearch DetExecution DetReport DetServe
// fuzz: sources Fuzz/Support/require.swift
// fuzz: packages sqlite3 lapacke
// fuzz: link simdjson
// fuzz: link z
// fuzz: dictionary http
// fuzz: length 400
import DetBasics
import DetExecution
import DetSearch
import DetServe
import Foundation

/// A site of one run, with a file beside it that nobody may ever see.
private let site: Site = {
  let folder = "\(NSTemporaryDirectory())/smnas-fuzz-\(getpid())"
  let secret = "a secret of the machine"
  do {
    let plan = try Plan(
      text:
        #"{"name": "trees of the run", "data": {"train": {}, "validation": {}}, "structural": {"trials": 4}}"#
    )
    _ = try Run.begin(folder, plan: PlacedPlan(plan), versions: [:])
    try AtomicFile.write(secret, to: "\(folder)/secret.txt")
  } catch {
    fatalError("\(error)")
  }
  return Site(
    [folder], gate: Gate(address: "127.0.0.1", port: 80, names: [], token: token),
    plotly: String(repeating: "/* plotly */", count: 200),
    // No time passes, so that the run is read once: Foundation keeps 4 kB of some files that it has read, which is told as a leak.
    clock: { Date(timeIntervalSince1970: 2_000_000_000) })
}()
private let token = "0123456789abcdef"

/// A request in lines: a digit that says what is added (1: the host, 2: the token, 4: a body), method, target, headers.
///
/// Without the token nothing is told of the run; with it, nothing but the site; and every answer can be sent.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequest(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let input = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  let lines = input.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  guard lines.count >= 3, let flags = Int(lines[0]), (0...7).contains(flags) else { return -1 }
  var headers: [(name: String, value: String)] = []
  if flags & 1 != 0 { headers.append(("Host", "127.0.0.1:80")) }
  if flags & 2 != 0 { headers.append(("Authorization", "Bearer \(token)")) }
  for line in lines[3...] {
    let sides = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if sides.count == 2 {
      headers.append((String(sides[0]), sides[1].trimmingCharacters(in: .whitespaces)))
    }
  }
  let answer = site.answer(
    Request(method: lines[1], target: lines[2], headers: headers, hasBody: flags & 4 != 0))
  for (name, value) in answer.headers {
    require(
      !(name + value).utf8.contains { $0 < 0x20 || $0 == 0x7F }, "a header with a control character"
    )
  }
  let isKnown = flags & 2 != 0 || input.contains(token) || input.contains("%")
  if !isKnown {
    require(
      [400, 401, 403, 405, 421].contains(answer.status), "an answer to one without the token")
  }
  if case .bytes(let all, let from, let count) = answer.body {
    require(from >= 0 && count >= 0 && from + count <= all.count, "a body outside its bytes")
    require(isKnown || all.count < 200, "more than a few words to one without the token")
    if all.count < 2000 {
      let words = String(decoding: all.data, as: UTF8.self)
      require(!words.contains("a secret"), "a file of the machine was sent")
    }
  }
  if let place = answer.header("Location") {
    require(place.hasPrefix("/") && !place.hasPrefix("//"), "a way out of the site")
  }
  require(
    [200, 206, 303, 304, 400, 401, 403, 404, 405, 416, 421].contains(answer.status),
    "an unknown status")
  if case .stream(let watcher) = answer.body {
    let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 1)
    require(watcher.read(space) > 0, "a stream without a beginning")
    space.deallocate()
  }
  return 0
}
