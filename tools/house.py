"""Import Linter contracts of the house: capabilities have known rooms in a known order, and one door each.

Capabilities that do not exist yet are passed over, so the contracts stand from the first day.
"""

from collections.abc import Iterable
from typing import Any

from importlinter import Contract, ContractCheck, fields, output

ROOMS = (
    ("apps",),
    ("urls",),
    ("views", "api", "admin"),
    ("forms",),
    ("plugins", "measures", "panels", "tasks", "demo"),
    ("service",),
    ("actions",),
    ("queries",),
    ("rules",),
    ("models",),
    ("events", "enums"),
)
FREE = frozenset({"migrations", "management"})
FLOOR = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}


def _present(graph: Any, names: Iterable[str]) -> list[str]:
    return [name for name in names if name in graph.modules]


class RoomsContract(Contract):
    """Only known room names in a capability, and imports between its rooms go downwards."""

    capabilities: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: Any, verbose: bool) -> Any:  # noqa: ARG002, FBT001 -- the linter calls it so
        """Breaches: unknown rooms, and imports that go up or sideways."""
        breaches: list[str] = []
        for capability in _present(graph, self.capabilities):
            for room in sorted(graph.find_children(capability)):
                name = room.removeprefix(f"{capability}.")
                if name in FREE:
                    continue
                if name not in FLOOR:
                    breaches.append(f"{room}: no such room")
                    continue
                inside = {room} | graph.find_descendants(room)
                for other in sorted(graph.find_children(capability) - {room}):
                    other_name = other.removeprefix(f"{capability}.")
                    if other_name in FREE or FLOOR.get(other_name, 99) > FLOOR[name]:
                        continue
                    reached = {other} | graph.find_descendants(other)
                    breaches.extend(
                        f"{importer} -> {imported}: rooms import downwards"
                        for importer in sorted(inside)
                        for imported in sorted(graph.find_modules_directly_imported_by(importer) & reached)
                    )
        return ContractCheck(kept=not breaches, metadata={"breaches": breaches})

    def render_broken_contract(self, check: Any) -> None:
        """Print the breaches."""
        for breach in check.metadata["breaches"]:
            output.print_error(breach)


class OneDoorContract(Contract):
    """Other capabilities may enter only through ``service``."""

    capabilities: Any = fields.ListField(subfield=fields.StringField())
    door: Any = fields.StringField(default="service")
    exempt: Any = fields.ListField(subfield=fields.StringField(), required=False, default=())

    def check(self, graph: Any, verbose: bool) -> Any:  # noqa: ARG002, FBT001 -- the linter calls it so
        """Breaches: imports of anything in a capability but its door, from outside."""
        breaches: list[str] = []
        for target in _present(graph, self.capabilities):
            inside = {target} | graph.find_descendants(target)
            for module in sorted(inside - {f"{target}.{self.door}"}):
                breaches.extend(
                    f"{importer} -> {module}"
                    for importer in sorted(graph.find_modules_that_directly_import(module) - inside)
                    if not any(importer.startswith(name) for name in self.exempt)
                )
        return ContractCheck(kept=not breaches, metadata={"breaches": breaches})

    def render_broken_contract(self, check: Any) -> None:
        """Print the breaches."""
        for breach in check.metadata["breaches"]:
            output.print_error(f"{breach}   (import the capability's service instead)")
