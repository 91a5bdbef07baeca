"""Registration with Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Answers that are kept, limits, webhooks."""

    name = "keheng.kernel.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the jobs."""
        from keheng.kernel.api import nightly  # noqa: F401, PLC0415 -- registers; models are ready only now
        from keheng.kernel.api.hooks import sending  # noqa: F401, PLC0415 -- registers; models are ready only now
