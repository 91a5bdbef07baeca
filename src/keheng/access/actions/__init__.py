"""Every change of accounts, grants, memberships and of the door."""
