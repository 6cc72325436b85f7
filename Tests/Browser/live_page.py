#!/usr/bin/env python3
"""The live page and the report in a real browser, with runs that grow, end, are killed and go away under it.

    SMNAS=PATH SMNAS_PLOTLY=plotly.min.js live_page.py CASE…     these cases; all without names
    live_page.py --list                                          their names

Needs chromium and its driver (Debian: chromium, chromium-driver). Pictures of every case go to the folder of $PICTURES, where it is set.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import many_trials
import webdriver

HERE = pathlib.Path(__file__).resolve().parent
SMNAS = os.environ.get("SMNAS", str(HERE.parent.parent / ".build/debug/smnas"))
TOKEN = "a-token-of-the-tests"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000 3a7e9b55 0000000a49444154789c6368000000820081 77cd72b6"
    " 0000000049454e44ae426082".replace(" ", ""))


class World:
    """A folder with a plan, searches and servers in it, and a browser; all of it goes at the end."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="smnas-page-"))
        self.processes = []
        self.opened = None
        (self.folder / "picture.png").write_bytes(PIXEL)

    # Searches

    def plan(self, name="trees", trials=10, seconds=0.1, gate=None):
        gate = ["--gate", str(self.folder / gate)] if gate else []
        plan = {
            "name": name, "seed": 3, "data": {"train": {}, "validation": {}},
            "structural": {"trials": trials, "initial": min(3, trials), "objectives": ["AP", "latency"], "searcher": "random", "space": {
                "inputs": ["320x320", "400x400", "512x512", "640x640"], "backbones": ["resnet18 16", "resnet34 16"],
                "necks": ["fpn P1-P4 32", "fpn P1-P5 64"], "proposals": ["rpn"], "heads": ["rcnn", "cascade 2"]}},
            "runner": {"workers": 1, "timeoutSeconds": 60, "command": [
                "python3", str(HERE / "worker.py"), "--seconds", str(seconds), "--picture", str(self.folder / "picture.png"), *gate]}}
        path = self.folder / f"plan-{len(list(self.folder.glob('plan-*')))}.json"
        path.write_text(json.dumps(plan))
        return path

    def start(self, *words, name, environment=None):
        log = open(self.folder / f"{name}.log", "ab")
        process = subprocess.Popen(
            [SMNAS, *map(str, words)], stdout=subprocess.PIPE, stderr=log, cwd=self.folder,
            env={**os.environ, "SMNAS_SERVE_TOKEN": TOKEN, **(environment or {})})
        self.processes.append(process)
        return process

    def search(self, plan, run, *more):
        return self.start("search", plan, "--run", run, *more, name="search")

    def searched(self, run="run", **settings):
        assert self.search(self.plan(**settings), run).wait() == 0, (self.folder / "search.log").read_text()
        return self.folder / run

    # Servers

    def serve(self, *runs, port=0):
        server = self.start("serve", *runs, "--port", port, name="serve")
        server.address = server.stdout.readline().decode().strip()
        assert server.address.startswith("http"), (self.folder / "serve.log").read_text()
        server.port = int(server.address.split(":")[2].split("/")[0])
        return server

    def page(self, *runs, **settings):
        """A browser that shows the page of some runs, once it is live."""
        self.server = self.serve(*runs)
        browser = self.browser(**settings)
        browser.open(self.server.address)
        self.lives(browser)
        # What would be gone if the page were loaded again.
        browser.run("window.marker = 1")
        return browser

    def browser(self, **settings):
        self.opened = webdriver.Browser(**settings)
        return self.opened

    @staticmethod
    def lives(browser):
        browser.wait(lambda: browser.text("#link") == "live", "the page is live")

    def close(self):
        if self.opened:
            self.opened.close()
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def rows(browser):
    return browser.run("return Array.from(document.querySelectorAll('#rows-trials tr')).map(each => Number(each.id.split('-')[1]))")


def count(browser, selector):
    return browser.run("return document.querySelectorAll(arguments[0]).length", selector)


def equal(found, expected, what=""):
    assert found == expected, f"{what}: found {found!r}, expected {expected!r}"


def whole(browser):
    """Nothing went wrong in the page, and it was never loaded again."""
    equal(browser.complaints(), [], "the browser's console")
    equal(browser.run("return window.marker"), 1, "the page was loaded again")


# Cases


def a_run_grows_under_the_page(world):
    plan = world.plan(trials=6, gate="go")
    world.search(plan, "run")
    path = world.folder / "run/trials/000001/events.jsonl"
    browser = world.browser()
    browser.wait(path.exists, "the first trial has begun")
    browser.close()
    browser = world.page("run")
    browser.wait(lambda: count(browser, "#now-1 progress") == 1, "the first trial is shown under way")
    equal(rows(browser), [1])
    assert "No trial has finished yet" in browser.text("header")
    browser.type("#filter", "none such")
    equal(rows(browser), [])
    (world.folder / "go").touch()
    browser.wait(lambda: "of 6 trials finished" in browser.text(".tiles"), "six trials have finished")
    equal(browser.run("return document.getElementById('filter').value"), "none such", "what was typed stays")
    equal(rows(browser), [], "the filter holds for rows that come")
    browser.type("#filter", "")
    browser.run("const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input', {bubbles: true}))")
    equal(rows(browser), [1, 2, 3, 4, 5, 6])
    browser.wait(lambda: count(browser, "#now") == 0, "nothing is under way any more")
    browser.show("[data-chart=front]")
    browser.wait(lambda: browser.run("const c = document.querySelector('[data-chart=front]'); return c.data && c.data[0].x.length + c.data[2].x.length")
                 == browser.run("return model.stages[0].fronts[0].trials.length"), "the chart shows what has finished")
    browser.show("#pictures")
    browser.wait(lambda: browser.run("return document.querySelector('#pictures img').naturalWidth"), "pictures have come")
    whole(browser)


def a_server_restarts(world):
    world.searched(trials=3)
    browser = world.page("run")
    browser.type("#filter", "rcnn")
    before = rows(browser)
    world.server.kill()
    world.server.wait()
    browser.wait(lambda: "trying again" in browser.text("#link"), "the page says that the server is gone")
    many_trials.fill(world.folder / "run", 5)
    world.serve("run", port=world.server.port)
    world.lives(browser)
    browser.wait(lambda: browser.text(".tiles").startswith("8") or "of 8 trials" in browser.text(".tiles"), "what happened meanwhile is shown")
    assert len(rows(browser)) > len(before), "new rows pass the filter"
    equal(browser.run("return document.getElementById('filter').value"), "rcnn", "what was typed stays")
    equal([each for each in browser.complaints() if "ERR_CONNECTION_REFUSED" not in each and "ERR_INCOMPLETE" not in each
           and "ERR_CONNECTION_RESET" not in each and "ERR_EMPTY_RESPONSE" not in each], [], "the console but for the lost connection")
    equal(browser.run("return window.marker"), 1, "the page was loaded again")


def a_search_is_killed_and_goes_on(world):
    plan = world.plan(trials=3, gate="go")
    search = world.search(plan, "run")
    browser = world.browser()
    browser.wait((world.folder / "run/trials/000001/events.jsonl").exists, "the first trial has begun")
    browser.close()
    browser = world.page("run")
    browser.wait(lambda: count(browser, "#now-1") == 1, "a trial is under way")
    search.send_signal(signal.SIGKILL)
    search.wait()
    browser.wait(lambda: "No search is at work, and 1 trial was left" in (browser.text(".notice") or ""), "the death is shown")
    equal(count(browser, "#now"), 0, "nothing is under way")
    (world.folder / "go").touch()
    assert world.search(plan, "run", "--resume").wait() == 0
    browser.wait(lambda: count(browser, ".notice") == 0 and "of 3 trials" in browser.text(".tiles"), "it went on")
    whole(browser)


def a_run_moves_away_and_comes_back(world):
    run = world.searched(trials=3)
    browser = world.page("run")
    run.rename(world.folder / "elsewhere")
    browser.wait(lambda: "is not there" in (browser.text(".notice") or ""), "the page says so")
    assert "Shown is what was read at" in browser.text(".notice")
    equal(rows(browser), [1, 2, 3], "what was read is still shown")
    (world.folder / "elsewhere").rename(run)
    browser.wait(lambda: count(browser, ".notice") == 0, "the page goes on")
    (run / "study.sqlite").write_bytes(b"no store at all" * 1000)
    browser.wait(lambda: "cannot be read" in (browser.text(".notice") or ""), "a damaged store is shown")
    equal(rows(browser), [1, 2, 3], "what was read is still shown")
    whole(browser)


def every_control_does_what_it_says(world):
    world.searched(trials=12)
    browser = world.page("run")
    controls(browser)
    equal(browser.run("return window.marker"), 1)
    query = browser.address.split("?")[1]
    for word in ("filter=rcnn", "sort=-5", "compare=", "curves=loss", "hypervolume=seconds"):
        assert word in query, f"{word} is not in {query}"
    kept = rows(browser), browser.text("#side-by-side")
    browser.open(browser.address)
    world.lives(browser)
    equal((rows(browser), browser.text("#side-by-side")), kept, "the address brings it all back")
    browser.run("window.marker = 1")
    whole(browser)


def controls(browser):
    """Uses every control of a page with a dozen trials."""
    everything = rows(browser)
    browser.type("#filter", "rcnn finished")
    some = rows(browser)
    assert 0 < len(some) < len(everything)
    assert f"{len(some)} of {len(everything)}" == browser.text("#shown")
    browser.press("escape")
    equal(rows(browser), everything, "Escape clears the filter")
    browser.type("#filter", "rcnn")
    # Latency is the fifth column.
    column = browser.run("return Array.from(document.querySelectorAll('#trial-table th')).findIndex(each => each.textContent === 'Latency') + 1")
    equal(column, 5)
    keys = "return Array.from(document.querySelectorAll('#rows-trials tr')).map(each => each.cells[4].dataset.key).filter(Boolean).map(Number)"
    browser.click("#trial-table th:nth-child(5) button")
    equal(browser.run(keys), sorted(browser.run(keys)), "sorted by latency")
    equal(browser.run("return document.querySelector('#trial-table th:nth-child(5)').getAttribute('aria-sort')"), "ascending")
    browser.click("#trial-table th:nth-child(5) button")
    equal(browser.run(keys), sorted(browser.run(keys), reverse=True), "and the other way round")
    for name, value in (("hypervolume", "seconds"), ("curves", "loss")):
        browser.show(f"[data-chart={name}]")
        browser.wait(lambda: browser.run("return Boolean(document.querySelector(arguments[0]).data)", f"[data-chart={name}]"), f"{name} is drawn")
        before = browser.run("return JSON.stringify(document.querySelector(arguments[0]).layout.xaxis.title) + document.querySelector(arguments[0]).layout.yaxis.title.text", f"[data-chart={name}]")
        browser.run("const c = document.querySelector(arguments[0]); c.value = arguments[1]; c.dispatchEvent(new Event('change', {bubbles: true}))",
                    f"[data-control={name}]", value)
        browser.wait(lambda: browser.run("return JSON.stringify(document.querySelector(arguments[0]).layout.xaxis.title) + document.querySelector(arguments[0]).layout.yaxis.title.text", f"[data-chart={name}]") != before, f"{name} is drawn anew")
    # Two trials side by side: by their numbers in the table, swapped, by their names.
    first, second = rows(browser)[:2]
    browser.click(f"button[data-trial='{first}']")
    browser.click(f"button[data-trial='{second}']")
    heads = "return Array.from(document.querySelectorAll('#side-by-side thead th')).map(each => each.textContent)"
    chosen = browser.run(heads)
    assert str(first) in chosen[1] and str(second) in chosen[2], chosen
    equal(count(browser, "button.pick[aria-pressed=true]"), 2)
    browser.click("#swap")
    equal(browser.run(heads)[1:3], [chosen[2], chosen[1]], "swapped")
    assert browser.text("#side-by-side tbody").count("%") > 0, "differences are told"
    browser.show("#compare")
    browser.wait(lambda: browser.run("const c = document.querySelector('[data-chart=pair]'); return c.data && c.data.length") == 2, "both curves are drawn")
    browser.type("#left", "999")
    browser.press("enter")
    assert browser.run("return !document.getElementById('left').checkValidity()"), "a number that no trial has is refused"
    browser.type("#left", str(second))
    browser.press("enter")
    # Keys.
    browser.run("document.activeElement.blur()")
    browser.press("/")
    equal(browser.run("return document.activeElement.id"), "filter")
    browser.run("document.activeElement.blur()")
    browser.press("j", "j")
    focused = "return document.activeElement.id"
    equal(browser.run(focused), f"trial-{rows(browser)[1]}", "j goes on")
    browser.press("k")
    equal(browser.run(focused), f"trial-{rows(browser)[0]}", "k goes back")
    chosen = browser.run("return pair.slice()")
    browser.press("x")
    assert browser.run("return pair.slice()") != chosen, "x chooses"
    browser.press("x")
    browser.run("choosePair(arguments[0])", [first, second])
    browser.press("s")
    equal(browser.run(focused), "left", "s goes to the comparison")
    browser.run("document.activeElement.blur()")
    browser.press("?")
    assert browser.run("return document.getElementById('keys').open"), "? shows the keys"
    # A point of the chart leads to its row.
    browser.show("[data-chart=front]")
    browser.wait(lambda: browser.run("return Boolean(document.querySelector('[data-chart=front]').data)"), "the front is drawn")
    browser.run("document.querySelector('[data-chart=front]').emit('plotly_click', {points: [{customdata: arguments[0]}]})", everything[0])
    equal(browser.run("return location.hash"), f"#trial-{everything[0]}")
    browser.type("#filter", "rcnn")


def the_report_is_the_page_at_rest(world):
    world.searched(trials=12)
    # The plan's own program trains, so that there is no command to copy: one of another page is put in.
    assert subprocess.run([SMNAS, "report", "run"], cwd=world.folder, stdout=subprocess.DEVNULL).returncode == 0
    browser = world.browser()
    address = (world.folder / "run/report.html").as_uri()
    browser.open(address)
    browser.run("window.marker = 1")
    equal(count(browser, "#link"), 0, "it follows nothing")
    controls(browser)
    assert "filter=rcnn" in browser.address, browser.address
    whole(browser)
    assert count(browser, "#pictures img[src^='data:image/png']") > 0


def hostile_names_stay_names(world):
    hostile = "\"><img src=x onerror='window.hacked=1'></script><script>window.hacked=1</script>&amp; 木\u202e"
    plan = world.plan(name=hostile, trials=8)
    run = "run <b> & 'one' #?%41"
    assert world.search(plan, run).wait() == 0, (world.folder / "search.log").read_text()
    front = json.loads((world.folder / run / "front.json").read_text())
    member = front["members"][0]["trial"] if "members" in front else front["fronts"][0]["members"][0]["trial"]
    odd = "\"><img src=x onerror=window.hacked=1>.png"
    (world.folder / run / f"trials/{member:06}" / odd).write_bytes(PIXEL)
    many_trials.fill(world.folder / run, 40)
    store = many_trials.sqlite3.connect(world.folder / run / "study.sqlite")
    with store:
        store.execute("UPDATE outcomes SET outcome = 'failed', metrics = '{}', reason = ? WHERE trial = 30", (hostile,))
    store.close()
    browser = world.page(run)
    equal(browser.text("h1"), hostile)
    assert hostile.split("\u202e")[0] in browser.text("#failed-30")
    assert odd in browser.text("#pictures")
    browser.run("document.querySelectorAll('img').forEach(each => each.loading = 'eager')")
    browser.wait(lambda: browser.run("return Array.from(document.querySelectorAll('#pictures img')).every(each => each.naturalWidth > 0)"), "pictures are shown")
    browser.run("choosePair([1, 2]); document.querySelectorAll('.chart').forEach(drawNow)")
    equal(browser.run("return window.hacked"), None, "a name was run")
    whole(browser)


def several_runs_beside_one_another(world):
    world.searched("one", trials=4)
    world.searched("two", trials=5)
    browser = world.page("one", "two")
    equal(browser.text("h1"), "2 runs")
    equal(count(browser, ".runs li"), 2)
    equal(browser.run("return Array.from(document.querySelectorAll('.runs h3')).map(each => each.textContent)"),
          ["trees (one)", "trees (two)"], "runs of one name are told apart")
    browser.wait(lambda: browser.run("const c = document.querySelector('[data-chart=runs]'); return c.data && c.data.length") == 2, "both fronts are drawn")
    browser.show("[data-chart=volumes]")
    browser.wait(lambda: browser.run("const c = document.querySelector('[data-chart=volumes]'); return c.data && c.data.length") == 2, "both volumes are drawn")
    many_trials.fill(world.folder / "two", 3)
    browser.wait(lambda: "8 of" in browser.text(".runs"), "it follows both")
    whole(browser)
    browser.click(".runs li:nth-child(2) a")
    world.lives(browser)
    equal(len(rows(browser)), 8)
    browser.click(".bar a")
    browser.wait(lambda: browser.text("h1") == "2 runs", "back to all runs")


def thousands_of_trials(world):
    world.searched(trials=3)
    many_trials.fill(world.folder / "run", 700)
    browser = world.page("run")
    equal(len(rows(browser)), 250)
    # A row of the table of trials has some 20 elements: thousands of them would be too much.
    assert count(browser, "*") < 16000, f"{count(browser, '*')} elements"
    browser.run("document.querySelectorAll('.chart').forEach(drawNow)")
    assert browser.run("return document.querySelectorAll('.point').length") < 12000
    browser.click("#more-trials button")
    equal(len(rows(browser)), 703)
    browser.type("#filter", "fpn P1-P5 64")
    browser.wait(lambda: " of 703" in browser.text("#shown"), "the filter looks at all of them")
    browser.run("location.hash = ''; document.getElementById('filter').value = ''; trialTable().lay(); trialTable().reveal('trial-699')")
    assert 699 in rows(browser)
    paint = browser.run("return performance.getEntriesByType('paint')[0].startTime")
    changed = many_trials.fill(world.folder / "run", 2)
    browser.run("document.querySelectorAll('#rows-trials tr').forEach(each => { each.dataset.before = 'yes'; }); scrollTo(0, 2000)")
    browser.wait(lambda: browser.run("return trials.has(arguments[0] + 1)", changed), "two more have come", seconds=150)
    untouched = browser.run("return Array.from(document.querySelectorAll('#rows-trials tr')).filter(each => each.dataset.before !== 'yes').length")
    assert untouched <= 6, f"{untouched} rows were made anew for two trials"
    equal(browser.run("return scrollY"), 2000, "the page does not jump")
    print(f"first paint of 703 trials after {paint:.0f} ms")
    whole(browser)


def on_a_phone_and_in_the_dark(world):
    world.searched(trials=6)
    browser = world.page("run", width=500, height=900, dark=True)
    browser.run("choosePair([1, 2])")
    assert browser.run("return matchMedia('(prefers-color-scheme: dark)').matches"), "the browser likes it dark"
    equal(browser.run("return getComputedStyle(document.documentElement).backgroundColor"), "rgb(18, 20, 25)")
    # A headless window is at least 500 wide; the narrower view is the browser's own.
    browser.ask("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
        "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}})
    time.sleep(0.5)
    equal(browser.run("return innerWidth"), 390)
    wide = browser.run("return Array.from(document.querySelectorAll('main *, nav *')).filter(each => !each.closest('.scroll, .chart, pre, .unseen, svg')"
                       " && each.getBoundingClientRect().right > 391).map(each => each.outerHTML.slice(0, 90))")
    equal(wide, [], "nothing sticks out")
    whole(browser)


def for_eyes_and_ears_that_read_otherwise(world):
    world.searched(trials=8)
    browser = world.page("run")
    nameless = browser.run("""
      const named = each => (each.getAttribute("aria-label") || each.textContent || "").trim() || each.labels && each.labels.length
        || each.getAttribute("alt");
      return Array.from(document.querySelectorAll("button, input, select, a[href], img, [role=img], progress, summary"))
        .filter(each => !named(each)).map(each => each.outerHTML.slice(0, 90))""")
    equal(nameless, [], "every control and picture has a name")
    equal(browser.run("return document.documentElement.lang"), "en")
    levels = browser.run("return Array.from(document.querySelectorAll('h1, h2, h3')).map(each => Number(each.nodeName[1]))")
    equal(levels[0], 1)
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:])), f"headings leave out a level: {levels}"
    browser.run("document.activeElement.blur(); scrollTo(0, 0)")
    browser.press("tab")
    equal(browser.run("return document.activeElement.className"), "skip", "the first stop leads to the content")
    many_trials.fill(world.folder / "run", 1)
    browser.wait(lambda: browser.text("#said"), "a change is told")
    equal(browser.run("return document.getElementById('said').getAttribute('role')"), "status")
    contrast = browser.run("""
      const light = text => { const [r, g, b] = text.match(/[0-9.]+/g).map(Number).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const ground = light(getComputedStyle(document.documentElement).backgroundColor);
      return Array.from(document.querySelectorAll("p, td, th, a, h1, h2, h3, dt, dd")).map(each => light(getComputedStyle(each).color))
        .map(ink => (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)).sort((a, b) => a - b)[0]""")
    assert contrast >= 4.5, f"a text has a contrast of {contrast:.2f} only"
    whole(browser)


CASES = [
    a_run_grows_under_the_page, a_server_restarts, a_search_is_killed_and_goes_on, a_run_moves_away_and_comes_back,
    every_control_does_what_it_says, the_report_is_the_page_at_rest, hostile_names_stay_names, several_runs_beside_one_another,
    thousands_of_trials, on_a_phone_and_in_the_dark, for_eyes_and_ears_that_read_otherwise,
]


def main(names):
    if names == ["--list"]:
        print("\n".join(case.__name__ for case in CASES))
        return 0
    failed = 0
    for case in CASES:
        if names and case.__name__ not in names:
            continue
        world = World()
        begin = time.monotonic()
        try:
            case(world)
            print(f"ok   {case.__name__} ({time.monotonic() - begin:.1f} s)")
        except Exception as error:
            failed += 1
            print(f"FAIL {case.__name__}: {type(error).__name__}: {error}")
            if os.environ.get("TRACE"):
                import traceback
                traceback.print_exc()
            if world.opened:
                try:
                    world.opened.picture(f"{tempfile.gettempdir()}/smnas-page-{case.__name__}.png")
                except (RuntimeError, OSError):
                    pass
        finally:
            world.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
