"""What long benchmarks have found so far: each can be stopped at any time, and does what is missing when it is called again."""
import fcntl
import json
import os


class Results:
    """Lines of JSON, one for each thing that was done, found again by what was asked for: what stands under the name `what`."""

    def __init__(self, path, what="training"):
        self.path, self.what = path, what
        self.lines = {}
        if os.path.exists(path):
            for line in open(path):
                result = json.loads(line)
                self.lines[self.key(result[what])] = result

    @staticmethod
    def key(asked):
        return json.dumps(asked, sort_keys=True)

    def of(self, asked):
        return self.lines.get(self.key(asked))

    def add(self, asked, **values):
        line = {self.what: asked, **values}
        self.lines[self.key(asked)] = line
        with open(self.path, "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(json.dumps(line) + "\n")
