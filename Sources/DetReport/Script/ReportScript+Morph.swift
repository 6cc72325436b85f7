extension ReportScript {
  /// Turns elements into others without making them anew, so that focus, scrolling, folds and charts stay as they are.
  static let morph = #"""
    // What the reader or this script has set, and no new markup takes back.
    const kept = new Set(["open", "hidden", "aria-sort", "aria-pressed", "data-listens", "data-watched"]);
    const keyOf = node => node.nodeType !== 1 ? "" : node.id ? "#" + node.id
      : node.dataset.part ? "part " + node.dataset.part : node.dataset.chart ? `chart ${node.dataset.chart} ${node.dataset.front}` : "";
    function morph(old, fresh) {
      if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || keyOf(old) !== keyOf(fresh)) {
        old.replaceWith(fresh);
        return fresh;
      }
      if (old.nodeType !== 1) {
        if (old.nodeValue !== fresh.nodeValue) { old.nodeValue = fresh.nodeValue; }
        return old;
      }
      if (old.dataset.chart !== undefined || old.dataset.own !== undefined || old.isEqualNode(fresh)) { return old; }
      for (const {name} of Array.from(old.attributes)) { if (!kept.has(name) && !fresh.hasAttribute(name)) { old.removeAttribute(name); } }
      for (const {name, value} of Array.from(fresh.attributes)) {
        if (!kept.has(name) && old.getAttribute(name) !== value) { old.setAttribute(name, value); }
      }
      if (old.dataset.rows === undefined) { morphChildren(old, fresh); }
      return old;
    }
    function morphChildren(old, fresh) {
      const keyed = new Map();
      for (const child of old.childNodes) { const key = keyOf(child); if (key) { keyed.set(key, child); } }
      let place = old.firstChild;
      for (const child of Array.from(fresh.childNodes)) {
        const key = keyOf(child);
        const twin = key ? keyed.get(key) : place && !keyOf(place) && place.nodeName === child.nodeName ? place : undefined;
        if (!twin) { old.insertBefore(child, place); continue; }
        keyed.delete(key);
        if (twin !== place) { old.insertBefore(twin, place); place = twin; }
        place = morph(twin, child).nextSibling;
      }
      while (place) { const next = place.nextSibling; place.remove(); place = next; }
    }
    const parsed = html => {
      const template = document.createElement("template");
      template.innerHTML = html;
      return template.content.firstElementChild;
    };

    """#
}
