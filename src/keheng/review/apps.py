"""Registration with Django."""

from importlib import import_module

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Expert review."""

    name = "keheng.review"
    label = "review"
    verbose_name = "专家评审"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register measures, jobs and panels, and what stands in the kernel's registries."""
        for room in ("measures", "tasks", "panels", "plugins"):
            import_module(f"keheng.review.{room}")
