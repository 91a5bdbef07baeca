"""From a document to the forms in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from keheng.appraisal.model import BLANK, Cell, Column, EvaluationForm, FormKind, Funds, Row, Unread
from keheng.appraisal.numerals import plain_number
from keheng.appraisal.reading.assemble import build_rows
from keheng.appraisal.reading.document import Document, UnreadableError
from keheng.appraisal.reading.families import family_of
from keheng.appraisal.reading.footer import Totals, read_totals, table_end
from keheng.appraisal.reading.funds import paired_funds, printed_unit, read_funds
from keheng.appraisal.reading.header import Header, find_header
from keheng.appraisal.reading.heading import Head, read_head, year_of
from keheng.appraisal.reading.likeness import Look, look_of
from keheng.appraisal.reading.pieces import Piece, pieces_of
from keheng.appraisal.reading.rows import read_rows
from keheng.appraisal.reading.splitting import Region, split
from keheng.appraisal.reading.terms import is_target_title, is_title, level_of

_CAPTION, _HEADING = 30, 60
_TITLE_LINES = 4
_USUAL = (Column.LEVEL1, Column.LEVEL2, Column.NAME, Column.TARGET, Column.ACTUAL, Column.WEIGHT, Column.SCORE, Column.REASON)
_WEIGHT_FIRST = (Column.LEVEL1, Column.LEVEL2, Column.NAME, Column.WEIGHT, Column.TARGET, Column.ACTUAL, Column.SCORE, Column.REASON)
_CLOSE = Decimal("0.011")
_OWN_FIELDS = frozenset({"project", "department", "unit", "goal", "achieved", "grade", "annual_budget", "prior_budget", "executed",
                         "execution_rate", "total_score", "goal_side", "budget_nature"})  # fmt: skip


def read_forms(document: Document) -> list[EvaluationForm]:
    """Every form in the document, in order; raises UnreadableError (``no-form``) when there is none."""
    pieces = list(pieces_of(document.lines))
    forms: list[EvaluationForm] = []
    for region in split(pieces):
        form = _read_region(document.file, len(forms) + 1, pieces[region.start : region.stop], region)
        if form is not None:
            forms.append(form)
    if not forms:
        raise UnreadableError(
            document.file, "no-form", "文件中没有找到绩效自评表，请确认上传的是自评表原文", "no self-evaluation form was found in this file"
        )
    return forms


@dataclass(frozen=True, slots=True)
class _Body:
    """The indicator table of a form as read."""

    header: Header
    rows: list[Row]
    stray: list[Piece]
    totals: Totals
    end: int
    guessed: bool


def _read_region(file: str, form_index: int, pieces: Sequence[Piece], region: Region) -> EvaluationForm | None:
    if not pieces:
        return None
    body = _read_body(pieces)
    if body is None:
        return None
    head_pieces = pieces[: body.header.start]
    funds_found = read_funds(head_pieces)
    head, funds = _read_head_and_funds(head_pieces, funds_found)
    foot = read_head(pieces[body.end :], body.end)
    if not body.rows and not head.printed:
        return None
    title, title_texts = _title(pieces, region)
    form = _assemble(file, form_index, pieces, body, head, foot, funds, title)
    year = year_of(title_texts)
    labels = frozenset(head.printed | foot.printed | ({"year"} if year else set()))
    return family_of(replace(form, year=year, labels=labels))


def _read_body(pieces: Sequence[Piece]) -> _Body | None:
    header = find_header(pieces, 0, len(pieces))
    if header is not None:
        return _body_below(pieces, header, guessed=False)
    if sum(level_of(piece.folded) > 0 for piece in pieces) < 2:  # noqa: PLR2004 -- one level name may stand in any sentence
        return None
    start = _first_table_line(pieces)
    guesses = [_body_below(pieces, Header(order, {}, start, start, 0), guessed=True) for order in (_USUAL, _WEIGHT_FIRST)]
    return max(guesses, key=_plausible)


def _first_table_line(pieces: Sequence[Piece]) -> int:
    """Where a table without header begins: the first line with a level name or with two numbers."""
    index = 0
    for _, group in groupby(pieces, key=lambda piece: piece.row):
        line = list(group)
        numbers = sum(look_of(piece.folded) is Look.NUMBER for piece in line)
        if numbers > 1 or any(level_of(piece.folded) for piece in line):
            return index
        index += len(line)
    return index


def _plausible(body: _Body) -> float:
    return sum(row.confidence for row in body.rows if row.weight.value is not None and not (row.score.value or 0) > row.weight.value)


def _body_below(pieces: Sequence[Piece], header: Header, *, guessed: bool) -> _Body:
    end = header.end + table_end(pieces[header.end :])
    kept: list[Piece] = []
    at = header.end
    while (again := find_header(pieces, at, end)) is not None:
        kept.extend(pieces[at : again.start])
        at = again.end
    kept.extend(pieces[at:end])
    table = read_rows(kept, header)
    rows, stray = build_rows(table, header)
    return _Body(header, rows, stray, read_totals(pieces[end:], header, rows), end, guessed)


def _read_head_and_funds(pieces: Sequence[Piece], found: tuple[Funds, int, int] | None) -> tuple[Head, Funds]:
    if found is None:
        head = read_head(pieces, 0)
        return head, paired_funds(head.values, printed_unit(pieces))
    funds, start, end = found
    before, after = read_head(pieces[:start], 0), read_head(pieces[end:], end)
    for label, cell in after.values.items():
        before.values.setdefault(label, cell)
    before.printed |= after.printed
    return before, funds


def _title(pieces: Sequence[Piece], region: Region) -> tuple[Cell, list[str]]:
    """The title cell and the texts near it that may hold the year."""
    rows = list(dict.fromkeys(piece.row for piece in pieces))[:_TITLE_LINES]
    lines = [[piece for piece in pieces if piece.row == row] for row in rows] if len(pieces) else []
    texts = ["".join(piece.folded for piece in line) for line in lines]
    if region.title is None:
        return BLANK, [text for text in texts if len(text) <= _CAPTION]
    title = pieces[0]
    whole = " ".join(piece.text for piece in lines[0]) if is_title(texts[0]) else title.text
    return Cell(whole, title.line, title.page, title.column), [
        t for t in [title.folded, *(p.folded for p in pieces[1:6])] if len(t) <= _HEADING
    ]


def _assemble(
    file: str, form_index: int, pieces: Sequence[Piece], body: _Body, head: Head, foot: Head, funds: Funds, title: Cell
) -> EvaluationForm:
    def value(label: str) -> Cell:
        return head.values.get(label, BLANK)

    grade = body.totals.grade or foot.values.get("grade", BLANK) or value("grade")
    unread = [Unread("row", piece.cell()) for piece in body.stray]
    extras = {label: cell for values in (foot.values, head.values) for label, cell in values.items() if label not in _OWN_FIELDS}
    columns = frozenset(body.header.columns)
    kind = FormKind.SELF_EVALUATION
    if (title and is_target_title(title.text)) or not columns & {Column.ACTUAL, Column.SCORE}:
        kind = FormKind.TARGETS
    elif not columns & {Column.WEIGHT, Column.SCORE}:
        kind = FormKind.TRANSFER
    return EvaluationForm(
        file, form_index, kind=kind, title=title, project=value("project"), department=value("department"), unit=value("unit"),
        funds=funds, goal=value("goal") or value("goal_side"), achieved=value("achieved"), rows=tuple(body.rows), columns=columns,
        weight_total=body.totals.weight, score_total=body.totals.score or _total_in_head(foot, head), grade=grade, extras=extras,
        first_line=pieces[0].line, last_line=pieces[-1].line, confidence=_confidence(body, funds), unread=tuple(unread),
    )  # fmt: skip


def _total_in_head(*parts: Head) -> Cell:
    """The total score of templates that print it beside the grade, not below the table; BLANK unless it is one number."""
    for part in parts:
        cell = part.values.get("total_score", BLANK)
        number = plain_number(cell.text.removesuffix("分"))
        if number is not None:
            return replace(cell, value=number)
    return BLANK


def _confidence(body: _Body, funds: Funds) -> float:
    """How sure the reading is: the mean of the rows, raised to certainty when the sums close, lowered when they do not."""
    if not body.rows:
        return 0.2
    mean = sum(row.confidence for row in body.rows) / len(body.rows)
    weights = [row.weight.value for row in body.rows]
    if body.guessed:
        mean *= 0.8
    printed = body.totals.weight.value
    if printed is None or None in weights:
        return round(mean * 0.95, 2)
    total = sum((weight for weight in weights if weight is not None), start=Decimal(0))
    execution = funds.total.weight.value or Decimal(0)
    closes = min(abs(printed - total), abs(printed - total - execution)) <= _CLOSE
    return round(max(mean, 0.97) if closes else mean * 0.9, 2)
