"""What Outloud remembers, and the rules of what it remembers.

One room per subject, one module per noun:

- `learned`: learnings, and what becomes of them; `kept`: what was kept of people's messages; `prompts`: being asked;
  `experts`: who knows; `search`; `home`; `places`: pockets and channels.
- `owed`: what is still to be said or done in Slack. `db`: the way to the database. `tables`: the schema.
- Here: who may see what (`visibility`), what is refused (`refusals`), and what everybody needs.

Their functions take a `Session` first, execute through it,
never commit, and return frozen values; `Database.read` and `Database.write` run them off the event loop. A function
checks first and writes afterwards, and can be run again. Nothing here knows Slack's SDK, and no other folder writes SQL.
"""
