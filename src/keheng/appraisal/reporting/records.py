"""Findings as JSON records."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from keheng.appraisal.auditing.finding import Finding
from keheng.appraisal.auditing.wording import advice, sentence, source, title


def record(finding: Finding, lang: str = "zh") -> dict[str, Any]:
    """One finding with its sentence, cells, recomputation and clause."""
    return {
        "file": finding.file,
        "form_index": finding.form_index,
        "code": finding.code,
        "name": title(finding.code, lang),
        "rows": list(finding.rows),
        "severity": finding.severity.value,
        "confidence": finding.confidence,
        "place": finding.place,
        "detail": sentence(finding, lang),
        "formula": finding.formula,
        "clause": source(finding),
        "advice": advice(finding.code, lang),
        "points": None if finding.points is None else float(finding.points),
        "cells": [{"text": c.text, "line": c.line, "page": c.page, "column": c.column} for c in finding.cells if c],
        "related": [{"file": file, "form_index": index, "rows": list(rows)} for file, index, rows in finding.related],
    }


def line(finding: Finding, lang: str = "zh") -> str:
    """One finding as one line of JSON."""
    return json.dumps(record(finding, lang), ensure_ascii=False)


def line_writer(lang: str) -> partial[str]:
    """``line`` for a language, in a shape that other processes can be handed."""
    return partial(line, lang=lang)
