"""What every room may lean on: the folded key of a text, and dates said the Vietnamese way."""
