"""Registration with Django."""

from importlib import import_module

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Accounts, sign-in, roles and data scopes."""

    name = "keheng.access"
    label = "access"
    verbose_name = "账号与权限"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register nightly work, and what stands in the kernel's registries."""
        import_module("keheng.access.tasks")
        import_module("keheng.access.plugins")
        import_module("keheng.access.panels")
