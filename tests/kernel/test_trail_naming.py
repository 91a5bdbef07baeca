"""The trail speaks in words: every act of the program has them, and what has none stands there as it is."""

import ast
from pathlib import Path

from keheng.kernel.trail.naming import act_kinds, act_title, target_title

SOURCE = Path(__file__).parents[2] / "src" / "keheng"
WRITERS = {"act", "record"}


def written() -> set[str]:
    """Every act that is written out where it is recorded."""
    calls = [node for file in SOURCE.rglob("*.py") for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    named = [
        one for one in calls
        if isinstance(one, ast.Call) and getattr(one.func, "id", getattr(one.func, "attr", "")) in WRITERS and one.args
    ]  # fmt: skip
    texts = [one.value for call in named for one in ast.walk(call.args[0]) if isinstance(one, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and "." in text and not text.endswith(".")}


def test_every_act_has_words():
    acts = written()
    assert len(acts) > 250
    assert sorted(one for one in acts if act_title(one) == one) == []


def test_what_has_no_words_stands_as_it_is():
    assert (act_title("grant.decide"), act_title("grant.undreamt"), act_title("undreamt.of")) == (
        "授权：审批",
        "grant.undreamt",
        "undreamt.of",
    )
    assert [target_title(one) for one in ("case:12", "turn:3", "login:ab12", "undreamt:1", "")] == [
        "办件 12", "排号 3", "login:ab12", "undreamt:1", "",
    ]  # fmt: skip
    assert ("case", "办件") in act_kinds()
