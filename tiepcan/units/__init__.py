"""Administrative units as they were at a date: codes, kinds, names, mergers and splits."""
