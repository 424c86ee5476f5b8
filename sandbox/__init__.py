"""A strict local Slack, to try the bot in and test it against; it knows nothing of the bot."""
