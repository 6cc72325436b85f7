public import DetTensor

/// The root mean square of a tensor's errors as a share of the right values'; infinite where the shapes differ.
public func errorShare(_ found: Tensor, _ right: Tensor) -> Double {
  guard found.shape == right.shape else { return .infinity }
  let error = found.to(.float64) - right
  return ((error * error).mean().item() / (right * right).mean().item()).squareRoot()
}
