"""A certificate of load is as it was signed, by a signer that is known, of a build without edits; anything else is told."""

import json
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def signing(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.setenv("KEHENG_SIGNER", str(tmp_path / "keys" / "signer.pem"))
    monkeypatch.delitem(sys.modules, "web_signature", raising=False)
    import web_signature  # noqa: PLC0415 -- a benchmark is no package

    return web_signature


def test_what_was_signed_holds_and_what_was_changed_does_not(signing):
    body = {"kind": "U1", "milliseconds": {"p95": 14.4}, "circumstances": {"build": "5d514b3", "build_changed": False}}
    paper = signing.signed(body)
    known = {paper["signer"]: "某人"}
    assert signing.flaws(json.loads(json.dumps(paper)), known) == []
    assert signing.signed(body)["signer"] == paper["signer"], "the key is kept"
    assert signing.flaws(paper, {}) == ["the signer is not known"]
    assert signing.flaws(paper | {"milliseconds": {"p95": 1.4}}, known) == ["it is not as it was signed"]
    edited = signing.signed(body | {"circumstances": {"build": "5d514b3", "build_changed": True}})
    assert signing.flaws(edited, known) == ["the build had edits of its own"]
    assert signing.flaws({}, known) == ["the signer is not known", "the build had edits of its own", "it is not as it was signed"]
