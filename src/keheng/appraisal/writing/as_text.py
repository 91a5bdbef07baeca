"""Grids as tab-separated text, as PDF extraction looks."""

from __future__ import annotations

from collections.abc import Sequence

from keheng.appraisal.writing.grid import Grid


def draw_text(grids: Sequence[Grid]) -> bytes:
    """Every box is followed by as many tabs as it covers columns; cells reached from above are blank."""
    lines: list[str] = []
    for grid in grids:
        lines += ["", grid.title, "", grid.subtitle, ""]
        covered = [0] * grid.width
        for row in grid.rows:
            cells: list[str] = []
            boxes = iter(row)
            while len(cells) < grid.width:
                if covered[len(cells)]:
                    covered[len(cells)] -= 1
                    cells.append("")
                    continue
                box = next(boxes)
                for offset in range(box.columns):
                    covered[len(cells)] = box.rows - 1
                    cells.append("" if offset else " ".join(box.text.split()))
            lines.append("\t".join(cells))
    return ("\n".join(lines) + "\n").encode()
