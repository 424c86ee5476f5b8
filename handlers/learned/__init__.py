"""What somebody shares: the form and the command, the card, and what becomes of it."""
