"""Registration with Django."""

from importlib import import_module

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Organisations and people."""

    name = "keheng.directory"
    label = "directory"
    verbose_name = "组织与人员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the measures, and what stands in the kernel's registries."""
        import_module("keheng.directory.measures")
        import_module("keheng.directory.plugins")
        import_module("keheng.directory.panels")
