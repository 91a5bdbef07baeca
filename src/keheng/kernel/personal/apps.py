"""Registration with Django."""

from django.apps import AppConfig


class PersonalConfig(AppConfig):
    """Personal data: what is held, why, masked, revealed, exported, erased."""

    name = "keheng.kernel.personal"
    label = "personal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the package itself holds."""
        from keheng.kernel.personal import nightly, own_data  # noqa: F401, PLC0415 -- models can be imported only now; nightly registers its job

        own_data.register()
