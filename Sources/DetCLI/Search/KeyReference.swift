import DetBasics
import DetData
import DetSearch
import DetSpec

/// Every key of a plan with its default and meaning, section by section, as the tables declare them.
struct KeyReference: Encodable {
  /// The keys of one object.
  struct Section: Encodable {
    /// Where the object stands.
    let name: String
    let meaning: String
    let keys: [SettingReference]

    init(_ name: String, _ meaning: String, _ keys: [SettingReference]) {
      self.name = name
      self.meaning = meaning
      self.keys = keys
    }
  }

  let version = 1
  let sections: [Section]

  init() { sections = Self.search + Self.data }

  private static var search: [Section] {
    let presets = RecipePreset.allCases.map(\.rawValue).joined(separator: ", ")
    return [
      Section("plan", "The file as a whole.", Plan.settings.reference(Plan())),
      Section(
        "structural", "Stage one: which parts to combine.",
        StructuralPlan.settings.reference(StructuralPlan())),
      Section(
        "structural.weights", "What the backbones of stage one start from.",
        BackboneWeights.settings.reference(BackboneWeights())),
      Section(
        "structural.space", "The parts of stage one; the defaults are the paper's.",
        StructuralParts.settings.reference(StructuralParts())),
      Section(
        "modular", "Stage two: what is inside the parts that stage one picked.",
        ModularPlan.settings.reference(ModularPlan())),
      Section(
        "modular.space", "The choices of stage two; the defaults are the paper's.",
        ModularParts.settings.reference(ModularParts())),
      Section(
        "final", "Full trainings of designs that the stages found.",
        FinalPlan.settings.reference(FinalPlan())),
      Section(
        "final.classification",
        "Where the backbones of the finals learn to classify images before.",
        ClassificationPlan.settings.reference(ClassificationPlan())),
      Section(
        "recipe",
        "How a design is trained: the \"recipe\" of a stage or of a classification, or the file of --recipe. A preset's name is one, too: \(presets).",
        Recipe.settings.reference(Recipe.paper)),
      Section(
        "runner", "What trials run on.", RunnerPlan.settings.reference(RunnerPlan())),
      Section(
        "runner.slurm", "How trials run as jobs of a cluster (Docs/SLURM.md).",
        SlurmPlan.settings.reference(SlurmPlan())),
      Section(
        "runner.slurm.measurement", "Where latencies are measured on a cluster.",
        SlurmMeasurementPlan.settings.reference(SlurmMeasurementPlan())),
      Section(
        "latency",
        "How the latencies of trained detectors are taken: of each trial, and of several again in one go.",
        LatencyPlan.settings.reference(LatencyPlan())),
    ]
  }

  private static var data: [Section] {
    let common = DatasetSource.common.reference(DatasetSource(format: .voc))
    let formats = DatasetFormat.allCases.map { format in
      let keys = format.reader.settings.reference(DatasetSource(format: format))
      return Section(
        "data source, format \"\(format.rawValue)\"", format.reader.summary,
        keys.filter { !common.contains($0) })
    }
    return [
      Section(
        "data source",
        "Where a data set is and how to read it: the \"train\" and the \"validation\" of a plan's data. Relative paths are taken from the plan's folder.",
        common)
    ] + formats + [
      Section("tiles", "How images are cut.", Tiling.settings.reference(Tiling(size: 0))),
      Section(
        "split", "One side of a division by images.",
        Split.settings.reference(Split(part: .train))),
      Section(
        "subset", "A random part of the images.",
        DatasetSource.Subset.settings.reference(DatasetSource.Subset(count: 0))),
    ]
  }
}
