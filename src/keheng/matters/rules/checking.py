"""All that is asked of matter files before anyone stands on them, for authors and for the checks of the repository."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from keheng.matters.rules.claims import claim_flaws
from keheng.matters.rules.files.reading import Flaw, FlawedError, Read
from keheng.matters.rules.files.shelf import flaws_between, matter_files, read_file
from keheng.matters.rules.flow.trying import tried


def checked(paths: Sequence[Path]) -> tuple[list[Read], list[Flaw]]:
    """Files that are sound, and everything wrong with all of them: reading, proof, their own tests, and what is wrong between them.

    Among the others of a check stand all files of the installation, so that a parent is found wherever it is.
    """
    sound: list[Read] = []
    flaws: list[Flaw] = []
    for path in paths:
        try:
            read = read_file(path)
        except FlawedError as error:
            flaws += error.flaws
            continue
        failed = [*claim_flaws(read), *tried(read)]
        flaws += failed
        sound += [] if failed else [read]
    return sound, flaws + _between(sound, paths)


def _between(sound: list[Read], paths: Sequence[Path]) -> list[Flaw]:
    given = {path.resolve() for path in paths}
    others = []
    for path in matter_files():
        if path.resolve() not in given:
            try:
                others.append(read_file(path))
            except FlawedError:
                # Not asked about: it is told when it is checked itself.
                continue
    names = {read.file for read in sound}
    return [flaw for flaw in flaws_between([*others, *sound]) if flaw.file in names]
