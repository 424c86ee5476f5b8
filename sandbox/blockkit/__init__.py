"""Block Kit as tables: which objects, elements and blocks there are, their fields, and the limits of each.

https://docs.slack.dev/reference/block-kit
"""
