"""Invented plans with known truth, written in every format that offices send."""
