extension HTMLReport {
  /// The place where the page's script puts two trials side by side.
  static func compare(_ model: ReportModel) -> String {
    guard model.trials.count > 1 else { return "" }
    let body = """
      <p class="controls"><label>Trial <input id="left" size="6" autocomplete="off" placeholder="12, C0"/></label> \
      <label>beside trial <input id="right" size="6" autocomplete="off" placeholder="17, E1"/></label> \
      <button type="button" id="swap">Swap</button></p>
      <div id="side-by-side" data-own="" aria-live="polite"></div>
      <div class="chart" data-chart="pair" data-front="" role="img" aria-label="Learning curves of both trials" hidden="hidden"></div>
      """
    return section(
      "compare", "Two trials side by side",
      "Name two trials, or press the numbers of two in the table above. What differs is marked.",
      body)
  }
}
