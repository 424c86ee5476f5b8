"""What comes of being asked: rounds from prompt to end, questions, reminders, and the digest."""
