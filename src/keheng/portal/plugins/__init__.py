"""What the portal hangs into the kernel's registries."""

from keheng.portal.plugins import content

__all__ = ["content"]
