"""What the portal hangs into the kernel's registries."""

from keheng.portal.plugins import content, outreach, resources

__all__ = ["content", "outreach", "resources"]
