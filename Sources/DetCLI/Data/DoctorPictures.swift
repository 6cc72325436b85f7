import DetBasics
import DetData
import DetReport
import Foundation

/// Pictures of the oddest samples, with the boxes concerned.
struct DoctorPictures {
  private let dataset: Dataset
  private let samples: [OddSample]
  /// The longer side of a picture in the page; what is enlarged beyond it would only be larger.
  private static let side = 640

  init(_ dataset: Dataset, _ report: DatasetReport) {
    self.dataset = dataset
    samples = report.oddest
  }

  /// A section of figures; empty when nothing is odd.
  func html() throws -> String {
    let figures = try samples.map(figure)
    guard !figures.isEmpty else { return "" }
    return """
      <h3>The oddest samples</h3>
      <p class="note">The extremes of the data set: what a mistake in the annotations would look like. Only the boxes \
      that are meant are drawn, or all where the image as a whole is.</p>
      <div class="figures">\(figures.joined(separator: "\n"))</div>
      """
  }

  private func figure(_ odd: OddSample) throws -> String {
    let sample = dataset.samples[odd.index]
    let data = try picture(sample, odd.boxes).encodeJPEG(quality: 82)
    let source = "data:image/jpeg;base64,\(data.base64EncodedString())"
    let name = (sample.place as NSString).lastPathComponent
    return """
      <figure><img src="\(source)" alt="\(Markup.text(odd.reason))" loading="lazy"/>
      <figcaption><b>\(Markup.text(odd.reason))</b><br/>\(Markup.text(name)), \
      \(sample.width) × \(sample.height), \(sample.boxes.count) \
      \(sample.boxes.count == 1 ? "box" : "boxes")</figcaption></figure>
      """
  }

  private func picture(_ sample: Sample, _ marked: [Int]) throws -> PixelImage {
    var image = try sample.picture()
    var window = PixelRegion(x: 0, y: 0, width: image.width, height: image.height)
    let boxes = marked.isEmpty ? sample.boxes : marked.map { sample.boxes[$0] }
    if !marked.isEmpty { window = Self.window(around: boxes, in: image.size) }
    image = image.cropped(window)
    let scale = Double(Self.side) / Double(max(image.width, image.height))
    if scale < 1 {
      image = image.resized(
        to: PixelSize(
          width: max(1, Int((Double(image.width) * scale).rounded())),
          height: max(1, Int((Double(image.height) * scale).rounded()))))
    }
    let scaleX = Double(image.width) / Double(window.width)
    let scaleY = Double(image.height) / Double(window.height)
    let classes = dataset.categories.map(\.name)
    let drawn = boxes.map { box in
      DrawnBox(
        box.mapped(x: -Double(window.x), y: -Double(window.y), scaleX: scaleX, scaleY: scaleY),
        classes: classes)
    }
    let panel = Picture.Panel(image: image, boxes: drawn)
    return try Picture(panels: [panel], side: Self.side, margin: 0).rendered()
  }

  /// The part of a large image around the boxes concerned, so that small ones can be seen.
  private static func window(around boxes: [LabelledBox], in size: PixelSize) -> PixelRegion {
    let x0 = boxes.map(\.x0).min() ?? 0
    let y0 = boxes.map(\.y0).min() ?? 0
    let x1 = boxes.map(\.x1).max() ?? Double(size.width)
    let y1 = boxes.map(\.y1).max() ?? Double(size.height)
    func span(_ low: Double, _ high: Double, _ wanted: Double, _ length: Int) -> (Int, Int) {
      let side = min(Double(length), max(wanted, high - low))
      let start = min(max(0, (low + high - side) / 2), Double(length) - side)
      return (Int(start), max(1, min(length - Int(start), Int(side.rounded(.up)))))
    }
    let wanted = max(160, 3 * max(x1 - x0, y1 - y0))
    let across = span(x0, x1, wanted * 4 / 3, size.width)
    let down = span(y0, y1, wanted, size.height)
    return PixelRegion(x: across.0, y: down.0, width: across.1, height: down.1)
  }
}
