"""The certificates of load that are kept with the program: each is as it was signed, by a signer whom the platform knows."""

import json
from pathlib import Path

from keheng.performance.rules.certificates import days_of, flaws, signers_on

KEPT = sorted((Path(__file__).parents[2] / "benchmarks" / "results").glob("web-*.json"))


def test_kept_certificates_hold():
    papers = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in KEPT}
    assert [(name, flaw) for name, one in papers.items() for flaw in flaws(one, signers_on(days_of(one)[1]))] == []
    assert {(one["kind"], one["many"], one["circumstances"]["database"].split()[0]) for one in papers.values()} == {
        (*load, database) for load in (("U1", 500), ("U2", 200), ("U2", 500), ("U3", 64)) for database in ("sqlite", "postgresql")
    }
    assert [name for name, one in papers.items() if one["errors"]] == []
