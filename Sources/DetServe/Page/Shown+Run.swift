import DetBasics
import DetReport
import DetSearch

extension Shown {
  /// A run's page.
  ///
  /// - Parameters:
  ///   - model: the run.
  ///   - lessons: what is to be learned of it.
  ///   - rows: the rows that were made before.
  ///   - before: what was shown before, whose data of trials are taken where they are the same.
  ///   - trouble: why the model is not the run's present state.
  /// - Throws: when a number of the model is not finite, which JSON cannot say.
  init(
    _ model: ReportModel, _ lessons: DesignLessons, rows: RowMemory, before: Shown?,
    trouble: String?
  ) throws {
    let known = Dictionary((before?.trials ?? []).map { ($0.id, $0) }) { $1 }
    var head = model.withoutPictures
    head.trials = []
    for stage in head.stages.indices {
      for front in head.stages[stage].fronts.indices {
        head.stages[stage].fronts[front].trials = []
        head.stages[stage].fronts[front].hypervolume = []
      }
    }
    self.init(
      title: model.name, parts: HTMLReport.parts(model, lessons, rows: rows, trouble: trouble),
      islands: [
        Island(name: "report", json: try Markup.island(head)),
        Island(name: "lessons", json: try Markup.island(lessons)),
      ],
      trials: try model.trials.map { entry in
        let id = entry.record.id
        if let piece = known[id], piece.entry == entry { return piece }
        return TrialPiece(id: id, entry: entry, json: try Markup.island(entry))
      },
      growth: model.stages.flatMap(\.fronts).map {
        Growth(front: $0.id, trials: $0.trials, hypervolume: $0.hypervolume)
      })
  }

  /// The page of a run that could never be read.
  init(nothingOf folder: String, trouble: String) throws {
    let model = ReportModel(
      name: folder, folder: folder, plan: "", facts: [], stages: [], trials: [], pictures: [],
      versions: [])
    try self.init(
      model, DesignLessons(model), rows: RowMemory(), before: nil, trouble: trouble)
  }
}
