"""Workbooks of invented households whose every fact is known, in the shapes that offices give them."""
