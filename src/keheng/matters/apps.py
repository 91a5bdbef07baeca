"""Registration with Django."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """Matters and their cases."""

    name = "keheng.matters"
    label = "matters"
    verbose_name = "事项和办件"
    default_auto_field = "django.db.models.BigAutoField"
