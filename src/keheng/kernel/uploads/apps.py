"""Registration with Django."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Resumable uploads and downloads whose right is checked."""

    name = "keheng.kernel.uploads"
    label = "uploads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the nightly job."""
        from keheng.kernel.uploads import nightly  # noqa: F401, PLC0415 -- registers; models are ready only now
