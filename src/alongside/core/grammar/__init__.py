"""What an entry of the record may hold, what it may cite, and whether a whole log holds together."""
