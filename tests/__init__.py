"""The suite, by room. Tests read as sentences; people and documents in them are invented."""
