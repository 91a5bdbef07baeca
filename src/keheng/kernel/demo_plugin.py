"""A plugin as a package of others would be: a provider and a panel, registered by one function.

Such a package names the function in its metadata: ``[project.entry-points."keheng.plugins"] demo = "keheng.kernel.demo_plugin:register"``.
"""

from __future__ import annotations

from collections.abc import Mapping

from keheng.kernel.messenger import MESSENGER
from keheng.kernel.panels import Panel, PanelPlace, register_panel
from keheng.kernel.plugins import provide
from keheng.kernel.powers import Principal


class MemoryMessenger:
    """Keeps messages in memory."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, to: str, text: str) -> str:
        """Keep the message; its reference is its number."""
        self.sent.append((to, text))
        return str(len(self.sent))


def _greeting(actor: Principal) -> Mapping[str, object]:
    return {"account": actor.account}


_messenger = MemoryMessenger()
PANEL = Panel("demo.greeting", PanelPlace.PERSONAL, "示例", 900, None, "kernel/demo_panel.html", _greeting)


def memory_messenger() -> MemoryMessenger:
    """The one messenger of this process."""
    return _messenger


def register() -> None:
    """Offer the provider, and show the panel."""
    provide(MESSENGER, "memory", memory_messenger)
    register_panel(PANEL)
