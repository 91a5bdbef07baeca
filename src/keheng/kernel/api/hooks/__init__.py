"""Webhooks: other systems are told of events, signed, and again until they have heard."""
