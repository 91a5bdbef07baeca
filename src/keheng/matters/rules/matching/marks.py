"""Everybody against every policy, a bit for each enterprise: who meets it, whom one clause alone keeps from it, how many fail where.

A word holds 64 enterprises, so that putting clauses together and counting costs next to nothing beside comparing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keheng.matters.rules.matching.facts import Facts, Names
from keheng.matters.rules.matching.matching import holds
from keheng.matters.rules.matching.policy import Clause, Policy

WORD = 64
Bits = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]


def packed(flags: npt.NDArray[np.bool_]) -> Bits:
    """A bit for each flag, in whole words; what fills up the last word is False."""
    filled = np.pad(flags, (0, -len(flags) % WORD)) if len(flags) % WORD else flags
    return np.packbits(filled).view(np.uint64)


def places_of(bits: Bits) -> Numbers:
    """The places whose bit is set, in their order."""
    octets = bits.view(np.uint8)
    # Few bits are set: only where some are, each is looked at.
    there = np.flatnonzero(octets != 0)
    each = np.unpackbits(octets[there]).view(np.bool_)
    return (there[:, np.newaxis] * 8 + np.arange(8)).ravel()[each]


def _at(bits: Bits, places: Numbers) -> npt.NDArray[np.uint8]:
    """The bits at some places, 0 or 1."""
    found: npt.NDArray[np.uint8] = (bits.view(np.uint8)[places >> 3] >> (7 - (places & 7)).astype(np.uint8)) & np.uint8(1)
    return found


@dataclass(frozen=True, slots=True)
class Sifted:
    """A policy and where enterprises stand to it: each is met, unmet or open; ``near`` are those unmet that one clause alone keeps out.

    ``failing`` and ``unknown`` are of each clause in its order.
    """

    policy: Policy
    met: Bits
    near: Bits
    unmet: Bits
    open: Bits
    failing: tuple[Bits, ...]
    unknown: tuple[Bits, ...]

    def kept(self) -> tuple[Numbers, Numbers]:
        """The places that meet the policy or nearly do, and for each the number from 1 of the clause it lacks, 0 for none."""
        met, near = places_of(self.met), places_of(self.near)
        lacks = np.zeros(len(near), dtype=np.int64)
        for number, bits in enumerate(self.failing, 1):
            lacks += number * _at(bits, near).astype(np.int64)
        return np.concatenate([met, near]), np.concatenate([np.zeros(len(met), dtype=np.int64), lacks])

    def counts(self, starts: Numbers) -> Numbers:
        """How many, in rows: met, near, unmet, open, each clause failing, each unknown.

        A column for each stretch that begins at a word of ``starts``; none is empty.
        """
        bits = np.stack([self.met, self.near, self.unmet, self.open, *self.failing, *self.unknown])
        return np.add.reduceat(np.bitwise_count(bits), starts, axis=1, dtype=np.int64)


def sift(policies: Sequence[Policy], facts: Facts, present: Bits) -> Iterator[Sifted]:
    """Each policy against all enterprises; ``present`` marks the places at which there is one.

    Kleene's logic: one unmet clause decides, else one unknown leaves it open. Clauses that several policies share are judged once.
    Raises TypeError where words are compared as numbers or the reverse.
    """
    unknown = {name: packed(column.unknown.view(np.bool_)) & present for name, column in facts.columns.items()}
    words = {name: _by_word(column) for name, column in facts.columns.items() if isinstance(column, Names)}
    times = Counter(_key(clause) for policy in policies for clause in policy.clauses)
    judged: dict[tuple[str, str, object], Bits] = {}

    def failing(clause: Clause) -> Bits:
        key = _key(clause)
        bits = judged.get(key)
        if bits is None:
            known = present & ~unknown.get(clause.fact, present)
            bits = known & ~(_said(clause, words[clause.fact]) if clause.fact in words else packed(holds(clause, facts)))
            if times[key] > 1:
                judged[key] = bits
        return bits

    for policy in policies:
        yield _sifted(policy, [failing(one) for one in policy.clauses], [unknown.get(one.fact, present) for one in policy.clauses], present)


def _by_word(column: Names) -> dict[str, Bits]:
    """Of each word those of whom it is told: a clause among words then puts a few bits together."""
    return {word: packed(column.places == place) for word, place in column.words.items()}


def _said(clause: Clause, words: Mapping[str, Bits]) -> Bits:
    """For whom a clause on words is met."""
    if clause.numeric or clause.op == "is":
        raise TypeError(f"{clause.fact} is a word, and {clause.op} is asked of it")
    among = set(clause.value) if isinstance(clause.value, tuple) else {clause.value}
    chosen = [bits for word, bits in words.items() if (word in among) != (clause.op == "not in")]
    found: Bits = np.bitwise_or.reduce(chosen) if chosen else np.zeros(1, dtype=np.uint64)
    return found


def _sifted(policy: Policy, failing: Sequence[Bits], unknown: Sequence[Bits], present: Bits) -> Sifted:
    unmet, twice, doubt = (np.zeros_like(present) for _ in range(3))
    for fails, unsure in zip(failing, unknown, strict=True):
        twice |= unmet & fails
        unmet |= fails
        doubt |= unsure
    return Sifted(
        policy, met=present & ~unmet & ~doubt, near=unmet & ~twice & ~doubt, unmet=unmet, open=doubt & ~unmet,
        failing=tuple(failing), unknown=tuple(unknown),
    )  # fmt: skip


def _key(clause: Clause) -> tuple[str, str, object]:
    return clause.fact, clause.op, clause.value
