"""How the rooms are put together: the command, and later settings, addresses and the database."""
