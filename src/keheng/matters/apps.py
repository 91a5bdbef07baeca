"""Registration with Django."""

from importlib import import_module

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """Matters and their cases."""

    name = "keheng.matters"
    label = "matters"
    verbose_name = "事项和办件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register measures, jobs, panels, and what stands in the kernel's registries."""
        for room in ("measures", "tasks", "panels", "plugins"):
            import_module(f"keheng.matters.{room}")
