"""The reader, in which leads open voices, read them and save their notes."""
