extension ReportScript {
  /// The beginning: what the address says is done, tables are laid, charts are drawn.
  static let begin = #"""
    function settle() {
      document.querySelectorAll("[data-copy]").forEach(copying);
      layTables();
      if (pair.length) { showPair(); }
      drawAll();
    }
    // A page that is live holds what changes often apart, in the form of a first change.
    const first = island("first", null);
    if (first) { takeModel(first); }
    gatherTables();
    takeAddress();
    settle();
    if (location.hash && trialTable()) {
      const row = trialTable().reveal(location.hash.slice(1));
      if (row) { row.scrollIntoView({block: "center"}); }
    }
    if (pair.length) { choosePair(pair); }

    """#
}
