"""Fetches the front-end parts of others that stand in the repository, and writes down what they are.

Run by hand with npm on the path: ``python tools/renew_vendor.py``. Versions stand in ``PARTS``; the result is committed.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent / "src" / "keheng" / "site" / "static" / "vendor"
TESTS = HERE.parent / "tests" / "vendor"
PARTS = {"echarts": "6.1.0", "quill": "2.0.3", "lucide-static": "1.62.0", "axe-core": "4.14.1", "esbuild": "0.28.2"}
# File there, folder here, name here.
COPIED = (
    ("quill", "dist/quill.js", STATIC / "quill", "quill.js"),
    ("quill", "dist/quill.snow.css", STATIC / "quill", "quill.snow.css"),
    ("axe-core", "axe.min.js", TESTS, "axe.min.js"),
)


def main() -> None:
    """Fetch, bundle, copy, and write ``vendor.json`` beside the files."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "package.json").write_text("{}", encoding="utf-8")
        names = [f"{name}@{version}" for name, version in PARTS.items()]
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", *names], cwd=work, check=True)  # noqa: S603, S607 -- npm, with names from above
        modules = work / "node_modules"
        written = {copy(modules, *one): one[0] for one in COPIED}
        written[charts(work)] = "echarts"
        written[sprite(modules / "lucide-static" / "icons")] = "lucide-static"
        entries = [describe(modules, path, name) for path, name in sorted(written.items())]
    (STATIC / "vendor.json").write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def copy(modules: Path, part: str, source: str, folder: Path, name: str) -> Path:
    """A file as it comes, without its reference to a source map that does not stand here."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (modules / part / source).read_text(encoding="utf-8")
    (folder / name).write_text(re.sub(r"\n?(?://|/\*)# sourceMappingURL=\S+(?: \*/)?\s*$", "\n", text), encoding="utf-8")
    return folder / name


def charts(work: Path) -> Path:
    """ECharts, cut down to what is used."""
    shutil.copy(HERE / "vendor" / "charts.mjs", work)
    target = STATIC / "echarts.js"
    command = ["npx", "esbuild", "charts.mjs", "--bundle", "--minify", "--format=iife", f"--outfile={target}"]
    subprocess.run(command, cwd=work, check=True)  # noqa: S603 -- a program fetched above
    return target


def sprite(icons: Path) -> Path:
    """One file of the icons that are used, each a symbol."""
    symbols = []
    for name in (HERE / "vendor" / "icons.txt").read_text(encoding="utf-8").split():
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", (icons / f"{name}.svg").read_text(encoding="utf-8"), re.DOTALL)
        if drawing is None:
            raise ValueError(f"{name} is no picture")
        drawn = "".join(line.strip() for line in drawing[1].splitlines())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>')
    target = STATIC / "icons.svg"
    target.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n", encoding="utf-8")
    return target


def describe(modules: Path, path: Path, part: str) -> dict[str, str]:
    """What a file is, where it came from, and its digest."""
    package = json.loads((modules / part / "package.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    place = path.relative_to(HERE.parent).as_posix()
    return {"file": place, "name": part, "version": package["version"], "licence": package["license"], "sha256": digest}


if __name__ == "__main__":
    main()
