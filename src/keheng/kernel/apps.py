"""Registration of the kernel with Django."""

from importlib import import_module

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The kernel."""

    name = "keheng.kernel"
    label = "kernel"
    verbose_name = "基座"

    def ready(self) -> None:
        """Lookups are known before anybody asks."""
        import_module("keheng.kernel.among")
