"""What is done with voices: they are taken in, the keys that open them are made and destroyed, and leads read them."""
