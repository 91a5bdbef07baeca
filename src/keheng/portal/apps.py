"""Registration with Django."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public site."""

    name = "keheng.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the measures, the jobs, the panels, and what stands in the kernel's registries."""
        for room in ("measures", "tasks.outreach", "plugins.outreach", "panels.outreach"):
            import_module(f"keheng.portal.{room}")
