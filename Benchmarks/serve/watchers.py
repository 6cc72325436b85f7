#!/usr/bin/env python3
"""What a hundred people who watch a search cost it, and how long a page of thousands of trials takes.

    SMNAS=.build/release/smnas python3 Benchmarks/serve/watchers.py [--watchers 100] [--trials 40] [--rounds 5]
    SMNAS=.build/release/smnas python3 Benchmarks/serve/watchers.py --page 5000

A search whose worker sleeps is carried out with nobody watching and with so many streams of changes open, in turn; told are its seconds, the
seconds of a processor that the search itself took, without workers and server, and those of the server. `--page` fills a run with trials and
times the report, the page and its first byte; the browser's own times are those of `make test-browser`.
"""
import argparse
import http.client
import json
import os
import pathlib
import re
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests/Browser"))
import many_trials  # noqa: E402

SMNAS = os.environ.get("SMNAS", str(ROOT / ".build/release/smnas"))
TOKEN = "0123456789abcdef0123456789abcdef"
ENVIRONMENT = {**os.environ, "SMNAS_SERVE_TOKEN": TOKEN, "SMNAS_PLOTLY": str(ROOT / ".deps/plotly/plotly.min.js")}


def plan(folder, trials):
    path = folder / "plan.json"
    path.write_text(json.dumps({
        "name": "watched", "seed": 3, "data": {"train": {}, "validation": {}}, "cache": False,
        "structural": {
            "trials": trials, "initial": 3, "objectives": ["AP", "latency"], "searcher": "random", "pruning": False, "earlyStopping": False,
            "reseedShare": 0, "space": {
                "inputs": [f"{side}x{side}" for side in range(256, 641, 32)], "backbones": ["resnet18 16", "resnet34 16", "resnet18 32"],
                "necks": ["fpn P1-P4 32", "fpn P1-P5 64"], "proposals": ["rpn"], "heads": ["rcnn", "cascade 2"]}},
        "runner": {"workers": 4, "timeoutSeconds": 60, "command": ["python3", str(ROOT / "Tests/Browser/worker.py"), "--seconds", "1"]}}))
    return path


def processor(pid):
    """Seconds of a processor that a process has taken, its children left out."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Watchers:
    """Streams of changes, all read by one thread."""

    def __init__(self, port, count):
        self.bytes = 0
        self.selector = selectors.DefaultSelector()
        for _ in range(count):
            stream = socket.create_connection(("127.0.0.1", port))
            stream.sendall(
                f"GET /run/1/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
            self.selector.register(stream, selectors.EVENT_READ)

    def read(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for key, _ in self.selector.select(left):
                self.bytes += len(key.fileobj.recv(1 << 16))

    def close(self):
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()


def serve(run):
    server = subprocess.Popen([SMNAS, "serve", str(run), "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    address = server.stdout.readline().decode()
    return server, int(re.search(r":(\d+)/", address).group(1))


def watched(given, count):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="smnas-watched-"))
    begun = time.monotonic()
    search = subprocess.Popen(
        [SMNAS, "search", str(plan(folder, given.trials)), "--run", str(folder / "run")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = watchers = None
    taken = [0.0, 0.0]
    try:
        while search.poll() is None:
            taken[0] = processor(search.pid)
            if count and server is None and (folder / "run/study.sqlite").exists():
                server, port = serve(folder / "run")
                watchers = Watchers(port, count)
            if server:
                taken[1] = processor(server.pid)
                watchers.read(0.05)
            else:
                time.sleep(0.05)
        seconds = time.monotonic() - begun
        assert search.returncode == 0, "the search failed"
        return seconds, *taken, watchers.bytes if watchers else 0
    finally:
        if server:
            watchers.close()
            server.terminate()
            server.wait()
        shutil.rmtree(folder)


def page(given):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="smnas-page-"))
    try:
        run = folder / "run"
        subprocess.run([SMNAS, "search", str(plan(folder, 3)), "--run", str(run)], check=True, capture_output=True)
        many_trials.fill(run, given.page)
        times = []
        for _ in range(given.rounds):
            begun = time.monotonic()
            subprocess.run([SMNAS, "report", str(run)], check=True, capture_output=True, env=ENVIRONMENT)
            times.append(time.monotonic() - begun)
        size = (run / "report.html").stat().st_size
        print(f"report of {given.page} trials: median {statistics.median(times):.2f} s, {size / 1e6:.1f} MB with plotly")
        server, port = serve(run)
        try:
            for turn in range(given.rounds):
                link = http.client.HTTPConnection("127.0.0.1", port)
                begun = time.monotonic()
                link.request("GET", "/run/1/", headers={"Authorization": f"Bearer {TOKEN}", "Accept-Encoding": "gzip"})
                answer = link.getresponse()
                first = time.monotonic() - begun
                body = answer.read()
                print(f"page, {'first' if turn == 0 else 'again'}: first byte after {first:.2f} s, all after {time.monotonic() - begun:.2f} s, "
                      f"{len(body) / 1e6:.2f} MB{' in gzip' if answer.getheader('Content-Encoding') else ''}")
                link.close()
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--watchers", type=int, default=100)
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--page", type=int, help="trials of the page that is timed")
    given = parser.parse_args()
    if given.page:
        return page(given)
    counts = [0, given.watchers]
    found = {count: [] for count in counts}
    for _ in range(given.rounds):
        for count in counts:
            found[count].append(watched(given, count))
    print("| watchers | search, seconds | search, processor | server, processor | sent |\n|---|---|---|---|---|")
    for count in counts:
        seconds, own, server, sent = (statistics.median(column) for column in zip(*found[count]))
        print(f"| {count} | {seconds:.2f} | {own:.2f} | {server:.2f} | {sent / 1e6:.1f} MB |")


if __name__ == "__main__":
    main()
