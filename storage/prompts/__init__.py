"""Being asked: prompts and their schedules; rounds, and the answers in them."""
