import DetBasics
package import DetMetrics
import DetSpec

extension RankCorrelation {
  /// How far latencies at the full load order the trials as those with what each trained detector finds in the images; nil where too
  /// few trials have both.
  package init?(loadsOf trials: [Trial]) {
    self.init(
      trials.compactMap { trial in
        guard let full = trial.metrics[.latency], let own = trial.metrics.ownLoadLatency else {
          return nil
        }
        return (full, own)
      })
  }

  /// Both numbers: `Kendall tau 0.93, Spearman 0.98, 14 trials`.
  package var words: String {
    "Kendall tau \(kendall.fixed(2)), Spearman \(spearman.fixed(2)), \(count.of("trial"))"
  }
}
