"""What Slack says, and how it is asked: of people, channels and messages, and who wants to see something."""
