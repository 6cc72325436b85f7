import DetTensor

/// An operation as ONNX writes it: an operator, its attributes, and inputs that are numbers.
struct ONNXNode {
  /// An attribute's value.
  enum Attribute {
    case float(Double)
    case integer(Int)
    case integers([Int])
    case text(String)
  }

  /// Numbers that an operator takes as an input behind the values.
  enum Numbers: Hashable {
    case integers([Int], shape: [Int])
    case floats([Double], shape: [Int], DType)
    /// No input at this place.
    case none
  }

  let name: String
  var attributes: [(name: String, value: Attribute)] = []
  var numbers: [Numbers] = []
}

extension Operation {
  /// The operator; `dtype` is the kind of the first input.
  func onnx(_ dtype: DType) -> ONNXNode {
    switch self {
    case .convolution(let stride, let padding, let dilation, let groups):
      ONNXNode(
        name: "Conv",
        attributes: [
          ("dilations", .integers([dilation, dilation])), ("group", .integer(groups)),
          ("pads", .integers(Array(repeating: padding, count: 4))),
          ("strides", .integers([stride, stride])),
        ])
    case .linear: ONNXNode(name: "Gemm", attributes: [("transB", .integer(1))])
    case .matrixProduct: ONNXNode(name: "MatMul")
    case .instanceNormalization(let epsilon):
      ONNXNode(name: "InstanceNormalization", attributes: [("epsilon", .float(epsilon))])
    case .maxPool(let kernel, let stride, let padding):
      ONNXNode(
        name: "MaxPool",
        attributes: [
          ("kernel_shape", .integers([kernel, kernel])),
          ("pads", .integers(Array(repeating: padding, count: 4))),
          ("strides", .integers([stride, stride])),
        ])
    case .nearestResize(let sizes):
      ONNXNode(
        name: "Resize",
        attributes: [
          ("coordinate_transformation_mode", .text("asymmetric")), ("mode", .text("nearest")),
          ("nearest_mode", .text("floor")),
        ], numbers: [.none, .none, .integers(sizes, shape: [4])])
    case .gridSample:
      ONNXNode(
        name: "GridSample",
        attributes: [
          ("align_corners", .integer(0)), ("mode", .text("bilinear")),
          ("padding_mode", .text("zeros")),
        ])
    case .regionAlign(let bins, let samplingRatio, let isAligned, let stride):
      ONNXNode(
        name: "RoiAlign",
        attributes: [
          (
            "coordinate_transformation_mode",
            .text(isAligned ? "half_pixel" : "output_half_pixel")
          ), ("mode", .text("avg")), ("output_height", .integer(bins)),
          ("output_width", .integer(bins)), ("sampling_ratio", .integer(samplingRatio)),
          ("spatial_scale", .float(1 / stride)),
        ])
    case .softmax(let axis): ONNXNode(name: "Softmax", attributes: [("axis", .integer(axis))])
    case .unary(let operation): ONNXNode(name: operation.onnxName)
    case .binary(let operation): ONNXNode(name: operation.onnxName)
    case .select: ONNXNode(name: "Where")
    case .clip(let low, let high):
      ONNXNode(
        name: "Clip",
        numbers: [.floats([low], shape: [], dtype), .floats([high], shape: [], dtype)])
    case .cast(let dtype): ONNXNode(name: "Cast", attributes: [("to", .integer(dtype.onnx))])
    case .quotient(let divisor):
      ONNXNode(name: "Div", numbers: [.integers([divisor], shape: [])])
    case .remainder(let divisor):
      ONNXNode(name: "Mod", numbers: [.integers([divisor], shape: [])])
    case .reshape, .transpose, .concatenate, .slice, .expand, .mean, .sum, .largest:
      onnxOfShapes
    case .gatherRows, .gatherElements, .scatterElements, .trueIndices, .topK,
      .nonMaximumSuppression:
      onnxOfPlaces
    }
  }

  private var onnxOfShapes: ONNXNode {
    func list(_ values: [Int]) -> ONNXNode.Numbers { .integers(values, shape: [values.count]) }
    switch self {
    case .reshape(let sizes): return ONNXNode(name: "Reshape", numbers: [list(sizes)])
    case .transpose(let dims):
      return ONNXNode(name: "Transpose", attributes: [("perm", .integers(dims))])
    case .concatenate(let axis):
      return ONNXNode(name: "Concat", attributes: [("axis", .integer(axis))])
    case .slice(let axis, let from, let to):
      return ONNXNode(name: "Slice", numbers: [list([from]), list([to]), list([axis])])
    case .expand(let sizes): return ONNXNode(name: "Expand", numbers: [list(sizes)])
    case .mean(let axes, let keeps):
      return ONNXNode(
        name: "ReduceMean",
        attributes: [("axes", .integers(axes)), ("keepdims", .integer(keeps ? 1 : 0))])
    case .sum(let axes):
      return ONNXNode(
        name: "ReduceSum", attributes: [("keepdims", .integer(0))], numbers: [list(axes)])
    case .largest(let axis):
      return ONNXNode(
        name: "ReduceMax", attributes: [("axes", .integers([axis])), ("keepdims", .integer(1))])
    case .convolution, .linear, .matrixProduct, .instanceNormalization, .maxPool, .nearestResize,
      .gridSample, .regionAlign, .softmax, .unary, .binary, .select, .clip, .cast, .quotient,
      .remainder, .gatherRows, .gatherElements, .scatterElements, .trueIndices, .topK,
      .nonMaximumSuppression:
      preconditionFailure("\(self) changes more than a shape")
    }
  }

  private var onnxOfPlaces: ONNXNode {
    switch self {
    case .gatherRows: return ONNXNode(name: "Gather", attributes: [("axis", .integer(0))])
    case .gatherElements: return ONNXNode(name: "GatherND")
    case .scatterElements: return ONNXNode(name: "ScatterND")
    case .trueIndices: return ONNXNode(name: "NonZero")
    case .topK(let count):
      return ONNXNode(
        name: "TopK",
        attributes: [("axis", .integer(-1)), ("largest", .integer(1)), ("sorted", .integer(1))],
        numbers: [.integers([count], shape: [1])])
    case .nonMaximumSuppression(let most, let overlap, let floor):
      return ONNXNode(
        name: "NonMaxSuppression",
        numbers: [
          .integers([most], shape: [1]), .floats([overlap], shape: [1], .float32),
          .floats([floor], shape: [1], .float32),
        ])
    case .convolution, .linear, .matrixProduct, .instanceNormalization, .maxPool, .nearestResize,
      .gridSample, .regionAlign, .softmax, .unary, .binary, .select, .clip, .cast, .quotient,
      .remainder, .reshape, .transpose, .concatenate, .slice, .expand, .mean, .sum, .largest:
      preconditionFailure("\(self) finds no places")
    }
  }
}

extension Operation.Unary {
  fileprivate var onnxName: String {
    switch self {
    case .relu: "Relu"
    case .sigmoid: "Sigmoid"
    case .exp: "Exp"
    case .not: "Not"
    }
  }
}

extension Operation.Binary {
  fileprivate var onnxName: String {
    switch self {
    case .add: "Add"
    case .subtract: "Sub"
    case .multiply: "Mul"
    case .divide: "Div"
    case .minimum: "Min"
    case .maximum: "Max"
    case .less: "Less"
    case .greater: "Greater"
    case .atLeast: "GreaterOrEqual"
    case .equal: "Equal"
    case .and: "And"
    case .or: "Or"
    }
  }
}

extension DType {
  /// The number that ONNX has for the kind (`TensorProto.DataType`).
  var onnx: Int {
    switch self {
    case .float32: 1
    case .uint8: 2
    case .int32: 6
    case .int64: 7
    case .bool: 9
    case .float16: 10
    case .float64: 11
    case .bfloat16: 16
    }
  }
}
