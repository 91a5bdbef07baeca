"""Registration with Django."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public site."""

    name = "keheng.portal"
    label = "portal"
    verbose_name = "门户"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register measures, jobs, panels, and what stands in the kernel's registries."""
        for room in ("measures", "tasks", "panels", "plugins"):
            import_module(f"keheng.portal.{room}")
