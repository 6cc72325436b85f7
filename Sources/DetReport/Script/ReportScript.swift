/// The page's own script: draws the charts with plotly.js out of the JSON in the page, sorts, filters, puts trials side by side, and
/// follows a run where a server sends its changes. Without a server it is the same page at rest.
package enum ReportScript {
  /// The script of a page at rest, which asks for nothing.
  package static let atRest = [model, charts, table, pair, address, keys, morph, begin].joined()
  /// The script of a page that follows its run.
  package static let following = atRest + live
}
