// Settings out of a JSON file, read strictly, and random numbers that are the same on every machine.
import DetBasics

struct Settings: Codable {
  let seed: UInt64
  let names: [String]
}

// What people write may hold comments and trailing commas.
let text = """
  {
    "seed": 7,  // any whole number
    "names": ["ash", "birch", "cedar", "dogwood", "elm"],
  }
  """
let settings = try JSON.decode(
  Settings.self, from: text, source: "settings.json", allowsComments: true)

// A misspelt key is an error with its place and a cure, never a default in silence.
do {
  _ = try JSON.decode(Settings.self, from: #"{"sead": 7, "names": []}"#, source: "settings.json")
} catch {
  print(error)
}

// Streams are derived by name: what one draws never shifts what another draws.
let generator = Generator(seed: settings.seed)
var order = generator.stream("order")
var dice = generator.stream("dice")
print("order:", order.shuffled(settings.names).joined(separator: " "))
print("dice:", (0..<6).map { _ in "\(1 + dice.index(below: 6))" }.joined(separator: " "))

// Canonical JSON has sorted keys and no spaces, so its hash names the settings for good.
print("identity:", StableHash.hex(of: try JSON.text(settings)))
