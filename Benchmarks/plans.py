"""Plans as benchmarks need them: read with their comments, and with paths that hold in any folder."""
import json
import os
import re


def read_plan(path):
    """A plan's file: JSON with comments on lines of their own, and trailing commas."""
    with open(path, encoding="utf-8") as file:
        text = "".join(line for line in file if not line.lstrip().startswith("//"))
    return absolute(json.loads(re.sub(r",(\s*[}\]])", r"\1", text)), os.path.dirname(os.path.abspath(path)))


def absolute(value, folder):
    """Every path that leads out of the plan's folder, from the root."""
    if isinstance(value, dict):
        return {key: absolute(item, folder) for key, item in value.items()}
    return os.path.normpath(os.path.join(folder, value)) if isinstance(value, str) and value.startswith("../") else value
