"""What the leads' reader asks of the server: only ciphertext and public keys."""
