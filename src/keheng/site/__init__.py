"""Where the capabilities meet: settings, addresses, wiring, and the commands that run an installation."""
