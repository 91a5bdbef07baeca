"""Registration with Django."""

from importlib import import_module

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Tasks, messages, drafts, saved filters."""

    name = "keheng.kernel.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what stands in the kernel's registries."""
        import_module("keheng.kernel.desk.plugins")
