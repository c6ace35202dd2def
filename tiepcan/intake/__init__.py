"""Bytes from outside into plain paragraphs and tables with their places. Knows no word of what they mean."""
