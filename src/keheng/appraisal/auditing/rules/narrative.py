"""Family G: the account of results against the goal, the table and itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from keheng.appraisal.auditing.finding import Finding, find
from keheng.appraisal.auditing.registry import Context, form_rule
from keheng.appraisal.auditing.rules.actuals import narrative_of
from keheng.appraisal.model import EvaluationForm
from keheng.appraisal.prose.matching import Pairing, pairings
from keheng.appraisal.prose.mentions import Mention, mentions
from keheng.appraisal.prose.text import bare_words, sentences, shares_passage, states_facts, tidy
from keheng.appraisal.prose.words import pattern, words
from keheng.appraisal.quantity import Kind, Op
from keheng.appraisal.scoring.rounding import plain
from keheng.appraisal.scoring.rows import attained, share

_SURE, _NOTICEABLE, _FAR_BELOW = 0.75, Decimal("0.005"), Decimal("0.8")
_FEWEST_PARTS, _OPEN_PARTS = 2, 3
_NEARLY_ALL = Decimal("0.9")
_SHORTEST_GOAL, _LONGEST_STEP = 12, 60
_DOUBLED = re.compile(r"([一-鿿]{2})\1")
_MANY_ROWS = 2


def _contradicts(pairing: Pairing) -> bool:
    said, printed = pairing.mention.quantity, pairing.row.reached
    if said.base is None or printed.base is None or printed.kind is Kind.RANGE or said.base == printed.base:
        return False
    gap = abs(said.base - printed.base)
    if said.op in (Op.GT, Op.GE) and printed.base >= said.base:
        return False
    if said.op in (Op.LT, Op.LE) and printed.base <= said.base:
        return False
    if pairing.mention.rough and gap <= max(said.base, printed.base) / 10:
        return False
    return gap > max(abs(printed.base), abs(said.base)) * _NOTICEABLE or printed.is_percent


@form_rule("NARR_TABLE")
def prose_against_table(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Numbers of the account that differ from the table; claims of success beside unmet rows."""
    account = narrative_of(form)
    for pairing in pairings(form.rows, account.text, "actual"):
        if pairing.sureness >= _SURE and not pairing.mention.partial and _contradicts(pairing):
            values = {
                "name": pairing.row.name.text,
                "actual": pairing.row.actual.text,
                "prose": f"{pairing.mention.noun}{pairing.mention.text}",
            }
            yield find(
                form,
                "NARR_TABLE",
                rows=[pairing.row],
                place="actual",
                cells=[pairing.row.actual, account],
                values=values,
                confidence=pairing.sureness,
            )
    unmet = [
        row
        for row in form.rows
        if attained(row.wanted, row.reached) is False and (share(row.wanted, row.reached) or Decimal(0)) < _FAR_BELOW
    ]
    text = tidy(account.text)
    claim = pattern("strong_claims").search(text) if unmet else None
    if claim is None and len(unmet) >= _MANY_ROWS:
        claim = pattern("claims_of_success").search(text)
    if claim is not None:
        values = {"claim": claim[0], "names": "、".join(row.name.text for row in unmet), "count": str(len(unmet))}
        yield find(
            form,
            "NARR_TABLE",
            place="achieved",
            cells=[account, *(row.actual for row in unmet)],
            values=values,
            variant="claim",
            confidence=0.8,
        )


def _parts_after(found: tuple[Mention, ...], index: int, text: str) -> tuple[list[Mention], bool]:
    """The parts listed behind a head number, and whether the list claims to be complete (包括, 分别为)."""
    head = found[index]
    parts: list[Mention] = []
    complete = False
    for mention in found[index + 1 :]:
        gap = text[(parts[-1] if parts else head).end : mention.position]
        if not parts:
            if not any(word in gap for word in ("其中", "包括", "包含", "分别")) or len(gap) > _LONGEST_STEP:
                return [], False
            complete = "其中" not in gap
        elif len(parts) == 1 and "。其中" in gap:
            parts, complete = [], False
        elif "。" in gap or "；" in gap or ";" in gap or "其中" in gap or len(gap) > _LONGEST_STEP:
            break
        if "(" in gap and ")" not in gap:
            continue
        # 'in all 47.8万名, of which 24.9万 …': the counted noun may stand in for the unit.
        alike = mention.quantity.multiplier and mention.quantity.multiplier == head.quantity.multiplier
        if mention.quantity.dimension != head.quantity.dimension and not alike:
            break
        parts.append(mention)
    return parts, complete


@form_rule("NARR_SUM")
def parts_do_not_add_up(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Listed parts against the number they are parts of."""
    for place, cell in (("goal", form.goal), ("achieved", narrative_of(form))):
        found, text = mentions(cell.text), tidy(cell.text)
        for index, head in enumerate(found):
            total = head.quantity.base
            if total is None or head.partial or head.rough or head.quantity.is_percent or head.quantity.kind is Kind.RANGE:
                continue
            parts, complete = _parts_after(found, index, text)
            addends = [part.quantity.base for part in parts if part.quantity.base is not None and not part.rough]
            total_of_parts = sum(addends, start=Decimal(0))
            if len(addends) < _FEWEST_PARTS or len(addends) < len(parts) or total_of_parts == total:
                continue
            close = len(addends) >= _OPEN_PARTS and total_of_parts >= total * _NEARLY_ALL
            if complete or close:
                values = {
                    "total": head.text,
                    "parts": " + ".join(part.text for part in parts),
                    "sum": plain(total_of_parts),
                    "gap": plain(abs(total - total_of_parts)),
                }
                yield find(
                    form,
                    "NARR_SUM",
                    place=place,
                    cells=[cell],
                    values=values,
                    formula=f"{' + '.join(map(plain, addends))} = {plain(total_of_parts)} ≠ {plain(total)}",
                )


@form_rule("NARR_SELF")
def prose_contradicts_itself(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """One noun with two different numbers in the same account."""
    account = narrative_of(form)
    seen: dict[tuple[str, str], Mention] = {}
    for mention in mentions(account.text):
        noun = bare_words(mention.noun)
        if len(noun) < _SHORTEST_NOUN or mention.partial or mention.rough or mention.quantity.dimension == "money":
            continue
        first = seen.setdefault((noun, mention.quantity.dimension), mention)
        if first.quantity.base != mention.quantity.base and mention.quantity.dimension:
            values = {"noun": noun, "first": first.text, "second": mention.text}
            yield find(form, "NARR_SELF", place="achieved", cells=[account], values=values, confidence=0.7)


_SHORTEST_NOUN = 4


@form_rule("NARR_COPY")
def account_repeats_goal(form: EvaluationForm, context: Context) -> Iterator[Finding]:
    """A passage of at least half the goal stands word for word in the account."""
    account = narrative_of(form)
    if (
        len(bare_words(form.goal.text)) >= _SHORTEST_GOAL
        and account
        and shares_passage(form.goal.text, account.text, float(context.policy.threshold("narr_copy_share")))
    ):
        yield find(
            form,
            "NARR_COPY",
            place="achieved",
            cells=[form.goal, account],
            values={"share": f"{context.policy.threshold('narr_copy_share') * 100:.0f}%"},
        )


@form_rule("NARR_EMPTY")
def account_without_facts(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """No number in the account but years, list numbers and sessions."""
    account = narrative_of(form)
    if account and not states_facts(account.text):
        yield find(form, "NARR_EMPTY", place="achieved", cells=[account])


@form_rule("NARR_BACKGROUND")
def account_tells_background(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """The account tells why the project exists instead of what was done."""
    account = narrative_of(form)
    parts = sentences(account.text)
    if (
        parts
        and not pattern("completion").search(account.text)
        and pattern("background").search(account.text)
        and not states_facts(account.text)
    ):
        yield find(form, "NARR_BACKGROUND", place="achieved", cells=[account], confidence=0.6)


@form_rule("TEXT_TYPO")
def slips_of_the_pen(form: EvaluationForm, _: Context) -> Iterator[Finding]:
    """Doubled characters or words; may come from text recognition."""
    for place, cell in (
        ("goal", form.goal),
        ("achieved", narrative_of(form)),
        *((label, form.extras[label]) for label in ("problems", "improvements") if label in form.extras),
    ):
        text = tidy(cell.text)
        slips = [m[0] for m in pattern("typos").finditer(text)] + [m[0] for m in _DOUBLED.finditer(text) if m[0] not in words("doubled_ok")]
        if slips:
            yield find(form, "TEXT_TYPO", place=place, cells=[cell], values={"words": "、".join(slips[:3])}, confidence=0.5)
