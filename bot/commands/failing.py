"""What ends a command."""


class Failure(Exception):
    """It can't be done; the text says why, and what to do."""
