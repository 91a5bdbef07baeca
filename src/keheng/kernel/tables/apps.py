"""Registration with Django: templates and the script of tables; there are no models."""

from django.apps import AppConfig


class TablesConfig(AppConfig):
    """Lists of records."""

    name = "keheng.kernel.tables"
    label = "tables"
