"""What opens the keyring of every demonstration lead. It stands apart: no code that serves imports the demonstration."""

#: A real one is drawn in the reader and never sent.
PASSPHRASE = "demonstration words only never for real"  # noqa: S105 -- shown to every visitor of the demonstration
