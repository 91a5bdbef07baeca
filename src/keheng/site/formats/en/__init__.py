"""English, as in Britain, with hours as they stand everywhere on the site."""
