"""Official papers (văn bản): set in the format of the State, numbered, signed, issued, sent and answered for. Knows nothing of what is reported."""
