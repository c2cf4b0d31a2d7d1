"""What someone types to begin a workplan, to write in it without a script, to sign it and to tell progress."""
