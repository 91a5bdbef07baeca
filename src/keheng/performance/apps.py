"""Registration with Django."""

from importlib import import_module

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    """Performance of fiscal projects."""

    name = "keheng.performance"
    label = "performance"
    verbose_name = "绩效"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register measures, jobs, panels, and what stands in the kernel's registries."""
        for room in ("measures", "tasks", "panels", "plugins"):
            import_module(f"keheng.performance.{room}")
