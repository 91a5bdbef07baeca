"""Every code is defined, has one rule, and speaks in full sentences that blame nobody."""

import re

import pytest
from appraisal.made_up import REGISTERED, form, found, row

from keheng.appraisal.auditing.codes import all_codes, code_entry
from keheng.appraisal.auditing.finding import Finding, Severity, find
from keheng.appraisal.auditing.registry import BATCH_RULES, FORM_RULES, form_rule
from keheng.appraisal.auditing.wording import advice, sentence, source, title
from keheng.appraisal.definitions import load_definition

_ACCUSING = re.compile("虚假|造假|弄虚|作假|伪造|骗取|违法|欺骗|falsif|fraud|fake|cheat|lying", re.IGNORECASE)


def test_each_code_has_exactly_one_rule() -> None:
    assert REGISTERED
    assert sorted([*FORM_RULES, *BATCH_RULES]) == sorted(all_codes())
    assert not FORM_RULES.keys() & BATCH_RULES.keys()


def test_a_second_rule_for_a_code_is_refused() -> None:
    with pytest.raises(ValueError, match="two rules for WT_TOTAL"):
        form_rule("WT_TOTAL")(FORM_RULES["WT_TOTAL"])


@pytest.mark.parametrize("code", sorted(all_codes()))
def test_an_entry_is_complete_and_fair(code: str) -> None:
    entry = code_entry(code)
    assert entry["severity"] in list(Severity)
    assert isinstance(entry["closed"], bool)
    assert set(entry["tolerances"]) <= set(load_definition("tolerances.json")["thresholds"])
    texts = [entry[part][lang] for part in ("name", "definition", "advice", "example") for lang in ("zh", "en")]
    texts += [message[lang] for message in entry["messages"].values() for lang in ("zh", "en")]
    assert all(texts)
    assert [text for text in texts if _ACCUSING.search(text)] == []
    assert entry["source"]
    for message in entry["messages"].values():
        assert set(re.findall(r"\{(\w+)\}", message["en"])) <= set(re.findall(r"\{(\w+)\}", message["zh"]))


OVER = form(row("课程", "≥10次", "12次", "30", "31"))


def test_a_sentence_holds_the_printed_values() -> None:
    [finding] = found("SCORE_OVER_WT", OVER)
    assert sentence(finding, "zh").count("31") == 1
    assert "31" in sentence(finding, "en")
    assert "{" not in sentence(finding) + sentence(finding, "en")
    assert sentence(finding) == sentence(finding, "zh")


def test_a_value_that_is_missing_shows_as_a_dash() -> None:
    finding = find(OVER, "SCORE_OVER_WT")
    assert "—" in sentence(finding)


def test_title_advice_and_source() -> None:
    [finding] = found("SCORE_OVER_WT", OVER)
    entry = code_entry("SCORE_OVER_WT")
    assert (title("SCORE_OVER_WT"), title("SCORE_OVER_WT", "en")) == (entry["name"]["zh"], entry["name"]["en"])
    assert (advice("SCORE_OVER_WT"), advice("SCORE_OVER_WT", "en")) == (entry["advice"]["zh"], entry["advice"]["en"])
    assert source(finding) == entry["source"]
    assert source(found("SCORE_NOT_PROPORTIONAL", form(row(actual="5次")))[0]).startswith("财预〔2020〕10号")


def test_the_rank_orders_severities() -> None:
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3, 4]


def test_a_finding_is_no_surer_than_its_rows() -> None:
    unsure = form(row(confidence=0.4), row(confidence=0.9))
    assert find(unsure, "SCORE_OVER_WT", rows=unsure.rows).confidence == 0.4
    assert find(unsure, "SCORE_OVER_WT", rows=[unsure.rows[1]], confidence=0.7).confidence == 0.7
    assert find(form(confidence=0.5), "SCORE_OVER_WT").confidence == 0.5


def test_severity_can_be_lowered_for_a_hint() -> None:
    def severity(finding: Finding) -> Severity:
        return finding.severity

    assert severity(find(OVER, "BUD_CUT")) is Severity.MEDIUM
    assert severity(find(OVER, "BUD_CUT", severity=Severity.LOW)) is Severity.LOW
