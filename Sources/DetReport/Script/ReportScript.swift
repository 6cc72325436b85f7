/// The page's own script: draws the charts with plotly.js out of the JSON in the page, sorts, filters, puts trials side by side, and
/// follows a run where a server sends its changes. Without a server it is the same page at rest.
package enum ReportScript {
  /// The whole script.
  package static let text = [model, charts, table, pair, address, keys, morph, live].joined()
}
