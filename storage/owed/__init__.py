"""What Outloud still has to say or do in Slack: the outbox, its pace, and words that nobody asked for."""
