"""What is read of voices: the intake that takes them in, the keys that alone open them, and the reader."""
