"""What Outloud remembers, and the rules of what it remembers.

One module per noun (`pockets`, `learnings`, `keeps`, …). Their functions take a `Session` first, execute through it,
never commit, and return frozen values; `Database.read` and `Database.write` run them off the event loop. A function
checks first and writes afterwards, and can be run again. Nothing here knows Slack's SDK, and no other folder writes SQL.
"""
