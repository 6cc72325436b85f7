/// The kinds of files of tensors that are read.
public enum TensorFileFormat: String, CaseIterable, Sendable {
  /// A JSON header and the values.
  case safetensors
  /// What `torch.save` writes: a zip file with a pickle.
  case torch
  /// What `torch.save` wrote before PyTorch 1.6.
  case torchLegacy = "torch before 1.6"
  /// A pickle with arrays of numpy, as Detectron2's and Paddle's weights are.
  case pickle
  /// What `numpy.savez` writes.
  case npz
  /// The list of the files that a large model is cut into.
  case shards
}
