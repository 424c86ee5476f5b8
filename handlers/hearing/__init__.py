"""What happens in Slack without being said to Outloud: messages, reactions, people and channels that come, change and go."""
