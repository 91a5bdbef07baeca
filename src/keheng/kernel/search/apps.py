"""Registration with Django."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Full-text search in Chinese over what capabilities publish to it."""

    name = "keheng.kernel.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"
