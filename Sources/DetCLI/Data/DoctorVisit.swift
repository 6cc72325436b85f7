import DetBasics
import DetCommand
import DetData
import DetSearch
import DetSpec
import DetTask

/// The data sets a doctor was shown, each with what was found out.
struct DoctorVisit {
  /// One data set.
  struct Patient {
    let title: String
    let dataset: Dataset
    let report: DatasetReport
  }

  let train: Patient
  let validation: Patient?

  var patients: [Patient] { [train] + (validation.map { [$0] } ?? []) }
  var isSound: Bool { patients.allSatisfy(\.report.isSound) }

  /// Examines a plan's data sets, or those the options describe.
  init(_ path: String, _ arguments: Arguments) throws {
    let isPlan = arguments[SourceOptions.format] == nil && Self.looksLikePlan(path)
    let decodes = !arguments[DoctorVerb.quick]
    if isPlan {
      let file = try PlanFile(path)
      let plan = file.plan
      let data =
        try file.sources ?? TrainingSets.Description(plan.data, source: "\(path): data")
      let recipe = plan.recipe(of: .structural) ?? plan.recipe(of: .modular)
      let detection = (recipe ?? RecipePreset.structural.recipe).detection
      let inputs = plan.structural?.space.inputs.map {
        PixelSize(width: $0.width, height: $0.height)
      }
      try self.init(
        train: data.train, validation: data.validation, decodes: decodes, inputs: inputs,
        anchors: AnchorSettings(detection), judged: detection.detectionsPerImage)
    } else {
      let images = arguments[SourceOptions.images]
      var judging = arguments[SourceOptions.validation]
      if judging == nil, try SourceOptions.dataFile(path, arguments)?.has(.validation) == true {
        judging = path
      }
      try self.init(
        train: SourceOptions.source(path, images: images, arguments),
        validation: judging.map {
          try SourceOptions.source(
            $0, images: arguments[SourceOptions.validationImages] ?? images, arguments,
            side: .validation)
        }, decodes: decodes, inputs: nil, anchors: AnchorRule.detectors.usual,
        judged: RecipePreset.structural.recipe.detection.detectionsPerImage)
    }
  }

  private init(
    train: DatasetSource, validation: DatasetSource?, decodes: Bool, inputs: [PixelSize]?,
    anchors: AnchorSettings, judged: Int
  ) throws {
    let training = DatasetDoctor(
      try Dataset.load(train, faults: .collect), decodesImages: decodes)
    let judging = try validation.map {
      DatasetDoctor(try Dataset.load($0, faults: .collect), decodesImages: decodes)
    }
    func patient(_ title: String, _ doctor: DatasetDoctor, _ other: DatasetDoctor?) -> Patient {
      let hasBoxes = doctor.dataset.boxCount > 0
      let advice = inputs == nil && hasBoxes ? DatasetAdvice(doctor.dataset, rule: .detectors) : nil
      let sizes = inputs ?? advice?.inputs ?? []
      return Patient(
        title: title, dataset: doctor.dataset,
        report: doctor.examine(
          against: other, anchors: hasBoxes ? AnchorRule.detectors.anchors(anchors) : nil,
          inputs: sizes.sorted { ($0.area, $0.width) < ($1.area, $1.width) }, tiles: advice?.tiles,
          judged: judged))
    }
    self.train = patient(judging == nil ? "data" : "training data", training, judging)
    self.validation = judging.map { patient("validation data", $0, nil) }
  }

  /// A plan is a JSON file of an object with the key "data", which annotation files do not have; one with a
  /// slip of the pen in it is known by its "train".
  private static func looksLikePlan(_ path: String) -> Bool {
    guard path.hasSuffix(".json"), let text = try? Files.bytes(path, most: 4 << 20) else {
      return false
    }
    if let node = try? JSON.parse(text, source: path, allowsComments: true) {
      return node["data"] != nil
    }
    return String(decoding: text, as: UTF8.self).contains("\"train\"")
  }
}
