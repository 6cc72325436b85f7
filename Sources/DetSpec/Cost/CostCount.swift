/// Running sums over layers, by the convention that ``DesignCost`` states.
struct CostCount {
  /// Bytes of a float32.
  static let bytesPerElement = 4

  private(set) var parameters = 0
  private(set) var normParameters = 0
  private(set) var macs = 0
  private(set) var activations = 0
  private(set) var memoryAccessBytes = 0

  /// Adds a convolution over `maps` maps of height x width cells.
  mutating func add(_ layer: ConvolutionLayout, height: Int, width: Int, maps: Int = 1) {
    parameters += layer.parameterCount
    normParameters += layer.normCount
    addRun(of: layer, height: height, width: width, maps: maps)
  }

  /// Adds the work of a convolution whose parameters are counted elsewhere, since levels share them.
  mutating func addRun(of layer: ConvolutionLayout, height: Int, width: Int, maps: Int = 1) {
    let cells = maps * layer.output(of: height) * layer.output(of: width)
    let written = cells * layer.outChannels
    let read = maps * height * width * layer.inChannels
    let weights = layer.weightCount
    macs += cells * weights
    activations += written
    memoryAccessBytes +=
      Self.bytesPerElement * (read + weights + (layer.hasBias ? layer.outChannels : 0) + written)
  }

  /// Adds the parameters of a convolution whose work is counted elsewhere.
  mutating func addParameters(of layer: ConvolutionLayout) {
    parameters += layer.parameterCount
    normParameters += layer.normCount
  }

  /// Adds a fully connected layer over so many rows: a 1x1 convolution over maps of one cell.
  mutating func add(_ layer: LinearLayout, rows: Int) {
    add(.biased(layer.inputs, layer.outputs), height: 1, width: 1, maps: rows)
  }

  /// Adds a block over `maps` maps of height x width cells.
  mutating func add(_ block: BlockLayout, height: Int, width: Int, maps: Int = 1) {
    var (rows, columns) = (height, width)
    block.forEachConvolution { layer in
      add(layer, height: rows, width: columns, maps: maps)
      (rows, columns) = (layer.output(of: rows), layer.output(of: columns))
    }
    if let projection = block.projection {
      add(projection, height: height, width: width, maps: maps)
    }
  }

  static func += (sum: inout CostCount, count: CostCount) {
    sum.parameters += count.parameters
    sum.normParameters += count.normParameters
    sum.macs += count.macs
    sum.activations += count.activations
    sum.memoryAccessBytes += count.memoryAccessBytes
  }
}
