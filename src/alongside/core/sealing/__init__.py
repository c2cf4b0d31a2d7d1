"""What a person says is sealed on their own device: the envelope, the receipt and the voice inside."""
