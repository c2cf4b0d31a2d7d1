"""Alongside runs a partnership between a government and the communities its data and technology touch."""
