"""The plan: what is asked of whom, by when; read from its paper, divided over units."""
