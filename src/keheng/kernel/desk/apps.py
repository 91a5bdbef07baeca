"""Registration with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Tasks, messages, drafts, saved filters."""

    name = "keheng.kernel.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
