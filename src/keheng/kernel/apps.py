"""Registration of the kernel with Django."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from keheng.kernel.substrings import know_pairs


class KernelConfig(AppConfig):
    """The kernel."""

    name = "keheng.kernel"
    label = "kernel"
    verbose_name = "基座"

    def ready(self) -> None:
        """Lookups and ``<row:pk>`` are known before anybody asks, and connections know the functions that triggers call."""
        import_module("keheng.kernel.among")
        import_module("keheng.kernel.row_numbers")
        connection_created.connect(_teach)


def _teach(connection: Any, **_: Any) -> None:
    if connection.vendor == "sqlite":
        know_pairs(connection.connection)
