"""Registration of the kernel with Django."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The kernel."""

    name = "keheng.kernel"
    label = "kernel"
    verbose_name = "基座"
