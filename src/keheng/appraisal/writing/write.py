"""``write_form``: forms in an official layout, in the format asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keheng.appraisal.definitions import definitions_folder, load_definition
from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.writing.as_docx import draw_docx
from keheng.appraisal.writing.as_html import draw_html
from keheng.appraisal.writing.as_pdf import draw_pdf
from keheng.appraisal.writing.as_text import draw_text
from keheng.appraisal.writing.as_xlsx import draw_xlsx
from keheng.appraisal.writing.grid import Grid, lay_out

_RENDERERS: dict[str, Callable[[Sequence[Grid]], bytes]] = {
    "xlsx": draw_xlsx,
    "docx": draw_docx,
    "pdf": draw_pdf,
    "html": draw_html,
    "txt": draw_text,
}
FORMATS = tuple(_RENDERERS)


def layout_ids() -> list[str]:
    """The layouts that can be written."""
    return sorted(path.stem for path in (definitions_folder() / "layouts").glob("*.json"))


def write_form(forms: Sequence[EvaluationForm], layout: str, file_format: str) -> bytes:
    """One file with the forms one after the other; ``layout`` is an id of ``layout_ids``, ``file_format`` one of ``FORMATS``."""
    grids = [lay_out(form, load_definition(f"layouts/{layout}.json")) for form in forms]
    return _RENDERERS[file_format](grids)
