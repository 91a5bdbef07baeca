"""Findings in words a unit's accountant understands, in Chinese and English."""

from __future__ import annotations

from collections import defaultdict

from keheng.appraisal.auditing.codes import code_entry
from keheng.appraisal.auditing.finding import Finding


def sentence(finding: Finding, lang: str = "zh") -> str:
    """What was found, with the printed values in it; ``lang`` is zh or en."""
    template: str = code_entry(finding.code)["messages"][finding.variant][lang]
    return template.format_map(defaultdict(lambda: "—", finding.values))


def title(code: str, lang: str = "zh") -> str:
    """The name of a code."""
    return str(code_entry(code)["name"][lang])


def advice(code: str, lang: str = "zh") -> str:
    """What to do about a finding of this code."""
    return str(code_entry(code)["advice"][lang])


def source(finding: Finding) -> str:
    """The clause a finding rests on: the policy's where the rule applied one, else the code's own."""
    return finding.clause or str(code_entry(finding.code)["source"])
