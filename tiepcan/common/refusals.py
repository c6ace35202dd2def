"""Why something was not done, said to the person who asked for it."""


class NotAllowed(Exception):
    """The act was refused; the message is a Vietnamese sentence that says why and, where possible, what to do."""


class Stale(NotAllowed):
    """Somebody else changed the row meanwhile; nothing was written."""
