"""All matter files of the installation: proved once, chosen by day, and held to the text that was released."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from keheng.kernel.definitions import definitions_folder
from keheng.kernel.errors import problem
from keheng.matters.rules.files.attached_proof import inherited_flaws
from keheng.matters.rules.files.codes import doubled_codes
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.proof import proved
from keheng.matters.rules.files.reading import Flaw, FlawedError, Read, digest_of_text, read_text
from keheng.matters.rules.files.sharing import PartMissingError, whole_text

RELEASED = "released.json"


def matter_files(root: Path | None = None) -> list[Path]:
    """Every matter file below a folder of definitions: ``<system>/matters/<name>.yaml``."""
    return sorted((root or definitions_folder("matters").parent).glob("*/matters/*.yaml"))


def read_file(path: Path) -> Read:
    """A file, proved; raises FlawedError with everything wrong."""
    try:
        text = whole_text(path)
    except PartMissingError as error:
        lacking = problem(
            "MATTER_FILE_NAME", what="共用文件 / shared file", name=error.name, known=f"{path.parent.parent.name}/parts/*.yaml"
        )
        raise FlawedError([Flaw(str(path), 0, lacking)]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise FlawedError([Flaw(str(path), 0, problem("MATTER_FILE_UNREADABLE", said=str(error)[:120]))]) from error
    read = read_text(text, str(path))
    if flaws := proved(read):
        raise FlawedError(flaws)
    return read


def flaws_between(reads: Iterable[Read]) -> list[Flaw]:
    """What is wrong between files: two of one matter in force at once, a code that stands twice, a parent that is not there."""
    by_id: dict[str, dict[date, Read]] = defaultdict(dict)
    found, all_reads = [], list(reads)
    for read in all_reads:
        matter = read.matter
        other = by_id[matter.id].setdefault(matter.version, read)
        if other is not read:
            twice = problem("MATTER_FILE_TWO_VERSIONS", id=matter.id, version=matter.version, other=other.file)
            found.append(read.flaw(("version",), twice))
    found += doubled_codes(all_reads)
    for read in all_reads:
        parent = read.matter.parent
        if parent is None:
            continue
        states = {name for one in by_id.get(parent.matter, {}).values() for name in one.matter.state_of}
        missing = [name for name in parent.states if name not in states] if states else [parent.matter]
        what, known = "上级事项或其状态 / parent matter or state of it", "、".join(sorted(by_id))
        found += [read.flaw(("parent",), problem("MATTER_FILE_NAME", what=what, name=name, known=known)) for name in missing]
        if versions := by_id.get(parent.matter):
            found += inherited_flaws(read, versions[max(versions)].matter)
    return found


def released(folder: Path) -> Mapping[str, str]:
    """Digests of a system's files as they were released, by file name."""
    path = folder / RELEASED
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return known


def changed_since_release(path: Path) -> bool:
    """Whether a file differs from what was released under its name, or never was: a file in force is never changed."""
    return released(path.parent).get(path.name) != digest_of_text(whole_text(path))


def release(path: Path, today: date) -> list[Flaw]:
    """Note the digest of a sound file; a file that is in force keeps the one it has."""
    read = read_file(path)
    known = dict(released(path.parent))
    if known.get(path.name, read.digest) != read.digest and read.matter.version <= today:
        return [read.flaw(("version",), problem("MATTER_FILE_IN_FORCE", version=read.matter.version))]
    known[path.name] = read.digest
    text = json.dumps(known, ensure_ascii=False, indent=2, sort_keys=True)
    (path.parent / RELEASED).write_text(f"{text}\n", encoding="utf-8")
    return []


@cache
def shelf() -> Mapping[str, tuple[Read, ...]]:
    """All versions of all matters, by name and oldest first; raises FlawedError for an installation that is not sound."""
    reads = [read_file(path) for path in matter_files()]
    if flaws := flaws_between(reads):
        raise FlawedError(flaws)
    found: dict[str, list[Read]] = defaultdict(list)
    for read in sorted(reads, key=lambda read: read.matter.version):
        found[read.matter.id].append(read)
    return {name: tuple(versions) for name, versions in found.items()}


def flaws_of_files() -> list[Flaw]:
    """Everything wrong with the files of the installation."""
    try:
        shelf()
    except FlawedError as error:
        return list(error.flaws)
    return []


def not_as_released(today: date) -> list[Path]:
    """Files in force that are not what was released under their names, or never were."""
    return [path for path in matter_files() if changed_since_release(path) and read_file(path).matter.version <= today]


def in_force(name: str, day: date) -> Read | None:
    """The version of a matter that counts on a day: the latest that has begun; None when none has."""
    versions = [read for read in shelf().get(name, ()) if read.matter.version <= day]
    return versions[-1] if versions else None


def all_in_force(day: date) -> Iterator[Read]:
    """Every matter as it counts on a day."""
    found = (in_force(name, day) for name in shelf())
    yield from (read for read in found if read is not None)


@lru_cache(maxsize=256)
def matter_of_text(text: str) -> Matter:
    """The matter of a text that was proved when it came into force: a running case stays on it, whatever files say today."""
    return read_text(text, "").matter
