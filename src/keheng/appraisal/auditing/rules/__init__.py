"""The rules themselves, a module per subject; importing this package registers all of them."""
