"""What the portal hangs into the kernel."""
