"""What is read of a Slack export, as an operator has it at hand: nothing in it is trusted, and nothing is unpacked to the disk.

The format: https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports
"""
