"""Who may do what on the portal, and what is wrong with an input."""
