"""Sizes and names that keep the house tidy: run from the root of the repository; prints what is too big and exits 1."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

MOST_LINES, MOST_FUNCTION_LINES = 400, 60
FORBIDDEN = {"utils", "util", "common", "helpers", "helper", "misc"}
FOLDERS = ("src", "tests", "tools", "benchmarks")
SUPPRESSION = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no cover)(?P<rest>.*)$")
REASON = re.compile(r"(?:--|—|#|:)\s*\S*\s*.*[a-z]{3,}.*\s+[a-z]{2,}")


def problems_of(path: Path) -> Iterator[str]:
    """What is wrong with one Python file, a line each."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        yield f"{path}: {len(lines)} lines, at most {MOST_LINES}"
    if path.stem in FORBIDDEN:
        yield f"{path}: name it by its meaning"
    for number, line in enumerate(lines, 1):
        found = SUPPRESSION.search(line)
        if found and not REASON.search(found["rest"]):
            yield f"{path}:{number}: a suppression states its reason"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length >= MOST_FUNCTION_LINES:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines, fewer than {MOST_FUNCTION_LINES}"


def main() -> int:
    """Check every Python file of the repository; the number of problems decides the exit code."""
    found = [problem for folder in FOLDERS for path in sorted(Path(folder).rglob("*.py")) for problem in problems_of(path)]
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
