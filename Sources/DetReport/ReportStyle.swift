/// The page's style sheet: system fonts, one accent, light and dark by the reader's setting.
package enum ReportStyle {
  package static let text = """

    :root {
      --ground: #fdfdfc; --panel: #ffffff; --ink: #1b1d22; --soft: #5f6672; --faint: #a9afb9;
      --line: #e6e7ea; --accent: #1f5fd0; --wash: #eef3fc; --warn: #a3420c; --warn-wash: #fbf0e8;
      --good: #1d7a46;
      font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
      font-size: 16px; line-height: 1.55; color: var(--ink); background: var(--ground);
      -webkit-text-size-adjust: 100%; scroll-behavior: smooth;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #121419; --panel: #181b21; --ink: #e8eaee; --soft: #a0a7b4; --faint: #5c6472;
        --line: #2a2f38; --accent: #83aefc; --wash: #1b2740; --warn: #f2a36f; --warn-wash: #33231a;
        --good: #6fcf97;
      }
    }
    * { box-sizing: border-box; }
    body { margin: 0; }
    main { max-width: 1120px; margin: 0 auto; padding: 56px 32px 24px; }
    .kicker { margin: 0; font-size: .8125rem; letter-spacing: .04em; color: var(--soft); }
    h1 { margin: 4px 0 12px; font-size: 2.25rem; line-height: 1.15; letter-spacing: -.02em;
      font-weight: 650; overflow-wrap: anywhere; }
    h2 { margin: 0 0 4px; font-size: 1.375rem; letter-spacing: -.01em; font-weight: 620; }
    h3 { margin: 0; font-size: 1rem; font-weight: 600; }
    .lead { margin: 0 0 28px; max-width: 46em; font-size: 1.125rem; color: var(--soft); }
    .lead b { color: var(--ink); }
    .note { margin: 0 0 16px; max-width: 46em; color: var(--soft); }
    section { margin-top: 64px; }
    .tiles { display: flex; flex-wrap: wrap; gap: 1px;
      background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
    .tile { flex: 1 1 140px; padding: 16px 18px; background: var(--panel); }
    .tile b { display: block; font-size: 1.5rem; font-weight: 620; line-height: 1.25;
      font-variant-numeric: tabular-nums; letter-spacing: -.01em; white-space: nowrap; }
    .tile span { font-size: .8125rem; color: var(--soft); }
    .scroll { overflow-x: auto; }
    .tall { max-height: 680px; overflow-y: auto; }
    .tall th { position: sticky; top: 0; z-index: 1; background: var(--ground); }
    table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
    th, td { padding: 9px 12px; text-align: left; vertical-align: baseline;
      border-bottom: 1px solid var(--line); }
    th { font-size: .8125rem; font-weight: 550; color: var(--soft); white-space: nowrap; }
    td:first-child, th:first-child { padding-left: 4px; }
    td:last-child, th:last-child { padding-right: 4px; }
    .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    td small { display: block; font-size: .75rem; line-height: 1.2; color: var(--soft); }
    .name { font-size: 1rem; }
    .design { display: inline; font: .84375rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas,
      "DejaVu Sans Mono", monospace; }
    .design span { white-space: nowrap; }
    .design i { color: var(--faint); font-style: normal; }
    .badge { padding: 1px 7px; border-radius: 9px; font-size: .75rem; color: var(--accent);
      background: var(--wash); white-space: nowrap; }
    .outcome { font-size: .8125rem; white-space: nowrap; }
    .outcome.good { color: var(--good); }
    .outcome.other { color: var(--warn); }
    tr:target td, tr.hit td { background: var(--wash); }
    .lineage { font-size: .8125rem; white-space: nowrap; }
    h3[id]:not(:first-of-type), .scroll + h3 { margin-top: 36px; }
    tr.baseline td { border-top: 2px solid var(--line); color: var(--soft); }
    th button { all: unset; cursor: pointer; }
    th button:hover { color: var(--accent); }
    th button:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
    th[aria-sort] button { color: var(--ink); }
    th[aria-sort="ascending"] button::after { content: " ↑"; }
    th[aria-sort="descending"] button::after { content: " ↓"; }
    .chart { height: 460px; margin: 20px -8px 0; }
    .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
      gap: 32px; }
    .pair > div { min-width: 0; }
    .pair .chart { height: 340px; margin-top: 8px; }
    .controls { margin: 4px 0 12px; font-size: .875rem; color: var(--soft); }
    select, input { font: inherit; color: var(--ink); background: var(--panel);
      border: 1px solid var(--line); border-radius: 6px; padding: 3px 8px; }
    input[type=search] { width: min(100%, 320px); padding: 6px 10px; margin-right: 12px; }
    select:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
    .parts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
      gap: 20px 32px; align-items: start; margin-top: 8px; }
    .parts table { font-size: .875rem; }
    .pair .chart[data-chart=traits] { height: 400px; }
    details.train { margin: 4px 0 0; border: 0; padding: 0; background: none; font-size: .8125rem; }
    details.train summary { padding: 0; font-weight: 400; color: var(--accent); }
    details.train p { margin: 6px 0; color: var(--soft); }
    details.train code { font-size: .78125rem; color: var(--ink); overflow-wrap: anywhere; user-select: all; }
    .train button { font: inherit; color: var(--accent); background: var(--panel); cursor: pointer;
      border: 1px solid var(--line); border-radius: 6px; padding: 1px 10px; margin-right: 8px; }
    .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 480px), 1fr));
      gap: 28px; }
    figure { margin: 0; }
    figure img { display: block; width: 100%; height: auto; border-radius: 8px;
      border: 1px solid var(--line); background: var(--panel); }
    figcaption { margin-top: 8px; font-size: .875rem; color: var(--soft); }
    figcaption b { color: var(--ink); }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 24px; margin: 8px 0 20px;
      font-size: .9375rem; }
    dt { color: var(--soft); }
    dd { margin: 0; overflow-wrap: anywhere; }
    details { margin: 10px 0; border: 1px solid var(--line); border-radius: 8px; padding: 0 16px;
      background: var(--panel); }
    summary { padding: 10px 0; cursor: pointer; font-weight: 550; }
    pre { margin: 0 0 16px; overflow-x: auto; font: .8125rem/1.5 ui-monospace, SFMono-Regular, Menlo,
      Consolas, "DejaVu Sans Mono", monospace; }
    code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
      font-size: .84375rem; }
    a { color: var(--accent); text-decoration: none; }
    a:hover { text-decoration: underline; }
    footer { max-width: 1120px; margin: 40px auto 0; padding: 20px 32px 48px; font-size: .8125rem;
      color: var(--soft); }
    .skip { position: absolute; left: -9999px; }
    .skip:focus { left: 16px; top: 12px; z-index: 2; padding: 6px 12px; background: var(--panel); border: 1px solid var(--accent);
      border-radius: 6px; }
    .unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .soft { color: var(--soft); font-size: .8125rem; }
    .bar { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: baseline; max-width: 1120px; margin: 0 auto; padding: 14px 32px 0;
      font-size: .875rem; }
    .bar + main { padding-top: 32px; }
    .bar #link { margin-left: auto; color: var(--soft); }
    #link::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 7px; border-radius: 50%;
      background: var(--faint); }
    #link[data-state=live]::before { background: var(--good); }
    #link[data-state=lost] { color: var(--warn); }
    #link[data-state=lost]::before { background: var(--warn); }
    .notice { margin: 0 0 28px; padding: 12px 18px; border-radius: 10px; background: var(--warn-wash); color: var(--warn); }
    .notice p { margin: 2px 0; }
    table.now progress { display: block; width: 132px; height: 8px; accent-color: var(--accent); }
    table.now td { vertical-align: middle; }
    .spark { display: block; overflow: visible; }
    .spark polyline { fill: none; stroke: var(--accent); stroke-width: 1.6; }
    .pick { all: unset; cursor: pointer; padding: 0 6px; border-radius: 6px; border: 1px solid transparent; color: var(--accent); }
    .pick:hover { border-color: var(--line); }
    .pick:focus-visible { outline: 2px solid var(--accent); }
    .pick[aria-pressed=true] { background: var(--accent); color: var(--panel); }
    #rows-trials tr:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
    .fresh td { animation: fresh 2.5s ease-out; }
    @keyframes fresh { from { background: var(--wash); } }
    @media (prefers-reduced-motion: reduce) { .fresh td { animation: none; } :root { scroll-behavior: auto; } }
    #compare button, .more { font: inherit; font-size: .875rem; color: var(--accent); background: var(--panel); cursor: pointer;
      border: 1px solid var(--line); border-radius: 6px; padding: 3px 12px; }
    .pair-table th[scope=row] { font-weight: 550; }
    .pair-table td { max-width: 340px; }
    .pair-table .differs { background: var(--wash); }
    .pictures { margin-top: 20px; }
    .runs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); gap: 16px; margin: 0 0 8px; padding: 0;
      list-style: none; }
    .runs li { padding: 16px 18px; background: var(--panel); border: 1px solid var(--line); border-radius: 10px; }
    .runs h3 { overflow-wrap: anywhere; }
    .runs p { margin: 6px 0 0; font-size: .875rem; color: var(--soft); }
    kbd { padding: 1px 6px; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 5px; font-size: .8125rem; }
    @media (max-width: 640px) {
      .bar { padding: 12px 18px 0; }
      main { padding: 32px 18px 16px; }
      footer { padding: 16px 18px 32px; }
      h1 { font-size: 1.75rem; }
      .lead { font-size: 1.0625rem; }
      section { margin-top: 48px; }
      .chart { height: 380px; }
      dl { grid-template-columns: 1fr; gap: 0; }
      dd { margin-bottom: 8px; }
    }
    @media print {
      main { padding: 0; max-width: none; }
      .bar, .skip { display: none; }
      .tall { max-height: none; }
      .controls { display: none; }
      section, figure, tr { break-inside: avoid; }
    }

    """
}
