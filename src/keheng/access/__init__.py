"""Accounts, sign-in, roles and data scopes."""
