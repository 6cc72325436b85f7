// A network of two layers learns a sine, and its weights go to a file and back.
import DetNN
import DetTensor
import Foundation

/// Layers are structs; what they learn is registered in the store, under the path they are given.
struct Curve {
  let hidden: Linear
  let output: Linear

  init(_ scope: Scope) {
    hidden = Linear(scope / "hidden", inputs: 1, outputs: 32)
    output = Linear(scope / "output", inputs: 32, outputs: 1)
  }

  /// [n, 1] → [n, 1]; the middle is a hyperbolic tangent.
  func callAsFunction(_ x: Tensor) -> Tensor { output((2 * hidden(x)).sigmoid() * 2 - 1) }
}

let store = ParameterStore(seed: 7)
let curve = Curve(store.root)
print("parameters:", store.entries.map(\.name).joined(separator: ", "))

let x = Tensor((0..<64).map { Float($0) / 32 - 1 }, shape: [64, 1])
let y = (x * Double.pi).sin()
let steps = 500
let optimizer = SGD(store, rate: 0.1, weightDecay: 0)
let schedule = Schedule.cosine(from: 0.1, to: 0.001).warmedUp(for: 0.05, from: 0.01)
for step in 0..<steps {
  optimizer.rate = schedule(Double(step) / Double(steps))
  let loss = (curve(x) - y).pow(2).mean()
  loss.backward()
  optimizer.step(clip: 1)
}
let loss = withoutGradient { (curve(x) - y).pow(2).mean().item() }
print("squared error below 0.01:", loss < 0.01)

// Any tool that reads safetensors can have the weights; another store takes them by name.
let file = NSTemporaryDirectory() + "curve.safetensors"
try Safetensors.write(store.state, metadata: ["steps": "\(steps)"], to: file)
let copy = ParameterStore(seed: 8)
let restored = Curve(copy.root)
let report = copy.load(try Safetensors.read(file).tensors)
print("all weights are there:", report.isComplete)
let difference = withoutGradient { (curve(x) - restored(x)).abs().sum().item() }
print("difference:", difference)
