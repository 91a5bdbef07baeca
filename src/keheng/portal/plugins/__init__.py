"""What the portal hangs into the kernel's registries."""

from keheng.portal.plugins import content, outreach

__all__ = ["content", "outreach"]
