"""What may be uploaded where, and who may read a file: told by the capabilities that keep files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from keheng.kernel.files import Limits
from keheng.kernel.powers import Principal


@dataclass(frozen=True, slots=True)
class Place:
    """A named place that accepts files, such as "matters.material"."""

    name: str
    limits: Limits
    may_upload: Callable[[Principal], bool]


@dataclass(frozen=True, slots=True)
class Holder:
    """Records of a kind that hold files. ``may_read`` tells whether a record holding a digest is open to the actor.

    Every download of a file that a ``sensitive`` holder opens is recorded.
    """

    kind: str
    may_read: Callable[[Principal, str], bool]
    sensitive: bool = False


_places: dict[str, Place] = {}
_holders: dict[str, Holder] = {}


def register_place(place: Place) -> None:
    """Make a place known; raises ValueError for a name taken by another place."""
    if _places.setdefault(place.name, place) != place:
        raise ValueError(f"upload place {place.name} is registered twice")


def place_of(name: str) -> Place | None:
    """The place of that name, None when there is none."""
    return _places.get(name)


def register_holder(holder: Holder) -> None:
    """Make a holder known; raises ValueError for a kind taken by another holder."""
    if _holders.setdefault(holder.kind, holder) != holder:
        raise ValueError(f"holder {holder.kind} is registered twice")


def readable_through(actor: Principal, digest: str) -> list[Holder]:
    """The holders that open a file to an actor, at this moment."""
    return [holder for holder in _holders.values() if holder.may_read(actor, digest)]
