/// What a file that should hold weights is, told by its content and never by its name.
enum WeightsFileKind: Hashable {
  /// It is read.
  case weights(TensorFileFormat)
  /// It is refused by name, with a way to weights that are read.
  case other(OtherFileKind)
}

/// What comes in place of a file of weights.
enum OtherFileKind: CaseIterable {
  // Of PyTorch, but no weights alone.
  /// What `torch.jit.save` writes.
  case torchScript
  /// What `torch.export.save` writes.
  case torchExport
  /// What `torch.package` writes.
  case torchPackage
  /// A program for ExecuTorch.
  case executorch

  // Of other programs.
  /// A model in ONNX.
  case onnx
  /// A model of llama.cpp.
  case gguf
  /// HDF5, as Keras writes weights.
  case hdf5
  /// What Keras 3 writes: a zip file with settings and HDF5.
  case keras
  /// The index of a checkpoint of TensorFlow, or the text that names its newest.
  case tensorflowCheckpoint
  /// A graph of TensorFlow: SavedModel or frozen.
  case tensorflowModel
  /// A model of TensorFlow Lite.
  case tflite
  /// MessagePack, as Flax writes weights.
  case messagePack
  /// What joblib writes: a pickle in which arrays stand between opcodes, or a compressed one.
  case joblib
  /// Weights of Darknet.
  case darknet
  /// One array, as `numpy.save` writes it.
  case npy

  // Packed.
  /// A zip file of anything else.
  case zip
  /// A file that begins as a zip file and does not end as one.
  case damagedZip
  /// Compressed by gzip.
  case gzip
  /// Compressed by zstd.
  case zstd
  /// Compressed by xz.
  case xz
  /// Compressed by bzip2.
  case bzip2
  /// Compressed by lz4.
  case lz4
  /// An archive of 7-Zip.
  case sevenZip
  /// An archive of RAR.
  case rar
  /// An archive of tar.
  case tar

  // What came in place of a file.
  /// What stands in a Git repository for a file that is kept elsewhere.
  case gitLFSPointer
  /// A page of a server.
  case html
  /// XML: a server's error, or a model's description.
  case xml
  /// JSON: a server's error, or settings.
  case json
  /// Text of another kind.
  case text
  /// A picture.
  case picture
  /// Zeros: space that was taken and not filled.
  case zeros
  /// Nothing.
  case empty
  /// None of these.
  case unknown
}
