"""Certificates of load: whether one is as it was signed, and the figures that it gives, so that nobody types them.

``benchmarks/web_certificate.py`` writes them; ``benchmarks/web_signature.py`` signs them, and asks the same ``flaws`` as the platform.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from keheng.performance.rules.library import certificates

Paper = Mapping[str, Any]
_PLACES, _MOST = Decimal("0.0001"), 10**12
# What a commit and a digest are known by; the certificate itself holds them whole.
_SHORT = 12


class Flaw(StrEnum):
    """What can be wrong with a certificate."""

    SIGNER = "the signer is not known"
    EDITED = "the build had edits of its own"
    ALTERED = "it is not as it was signed"


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of a certificate under the key that indicators name."""

    key: str
    title: str
    measured_in: str
    value: Decimal


def signed_text(body: Paper) -> bytes:
    """What a signature is over: everything but itself, as one text."""
    return json.dumps({name: value for name, value in body.items() if name != "signature"}, ensure_ascii=False, sort_keys=True).encode()


def flaws(paper: Paper, signers: Mapping[str, str]) -> list[Flaw]:
    """What is wrong with a certificate; nothing for one that holds. ``signers``: public keys with whose they are."""
    signer, about = str(paper.get("signer")), paper.get("circumstances")
    found = [] if signer in signers else [Flaw.SIGNER]
    if not isinstance(about, dict) or about.get("build_changed") is not False:
        found.append(Flaw.EDITED)
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer)).verify(bytes.fromhex(str(paper.get("signature"))), signed_text(paper))
    except (ValueError, InvalidSignature):
        found.append(Flaw.ALTERED)
    return found


def paper_of(data: bytes) -> Paper | None:
    """The certificate in a file; None for a file that is something else."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and {"signature", "circumstances"} <= set(found) else None


def signers_on(day: date) -> dict[str, str]:
    """Whose certificates of a day are taken: public keys with names."""
    text = day.isoformat()
    return {one["key"]: one["name"] for one in certificates()["signers"] if one["from"] <= text < (one["until"] or "9999")}


def days_of(paper: Paper) -> tuple[date, date]:
    """From which day to which the load ran. Raises ValueError for a certificate that does not say."""
    first, last = (datetime.fromisoformat(str(paper.get(name))).date() for name in ("began", "ended"))
    if last < first:
        raise ValueError(f"{last} is before {first}")
    return first, last


def measured(paper: Paper) -> list[Measured]:
    """The figures of a certificate. Raises ValueError for one that has none such."""
    kind, many, known = str(paper.get("kind")), paper.get("many"), certificates()
    if kind not in known["kinds"] or not isinstance(many, int) or not 0 < many < _MOST:
        raise ValueError(f"no such load: {kind} {many}")
    names = {"kind": kind, "many": many, "load": known["kinds"][kind].format(many=many)}
    return [
        Measured(one["key"].format(**names), one["title"].format(**names), one["measured_in"], _number(paper, one["at"]))
        for one in known["figures"]
        if kind in one.get("kinds", [kind]) and not (one.get("without_errors") and paper.get("errors"))
    ]


def _number(paper: Paper, at: list[str]) -> Decimal:
    found: Any = paper
    for name in at:
        found = found.get(name) if isinstance(found, dict) else None
    # What is not a number at all (NaN) compares with nothing.
    if not isinstance(found, int | float) or not 0 <= found < _MOST:
        raise ValueError(f"{'.'.join(at)} is no figure")
    return Decimal(str(found)).quantize(_PLACES)


def circumstances_of(paper: Paper, signer: str) -> dict[str, str]:
    """What the figures depend on, in words: build, data, machine, database, driver, and who signed."""
    about = paper["circumstances"]
    machine, rows = about.get("machine", {}), about.get("rows", {})
    said = {
        "build": str(about.get("build"))[:_SHORT],
        "data": f"{sum(rows.values()):,} 行（{len(rows)} 个表）",
        "machine": f"{machine.get('cores')} 核 {machine.get('processor')}，内存 {int(machine.get('memory_kb', 0)) / 2**20:.1f} GB，"
        f"两百万次加法 {machine.get('loop_seconds')} 秒",
        "database": about.get("database"),
        "driver": str(about.get("driver_sha256"))[:_SHORT],
        "requests": f"{paper.get('requests')} 次，出错 {paper.get('errors')} 次",
        "signer": signer,
    }
    return {name: str(text) for name, text in said.items()}
