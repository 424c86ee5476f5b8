"""Search: what was shared and kept comes back to exactly the people who may see it.

What others build on:

- `finding.find(session, viewer, asked, ...)`: a page of what somebody asked for, best first, with the reasons, and whether some
  of it could not be checked. `asked.understand(typed)` reads what they typed. For handlers, `handlers/finding/looking_up.py`
  asks Slack what has to be known before any of it is shown.
- `looking.Look(session, viewer, at).rank(asked)`: only ids, authors and scores, of many more: what evidence is computed from.
- `documents.share`, `documents.follow`, `documents.forget`: every change of a learning brings its document along, in the same
  transaction.
- `tokens.terms(text)`: the one tokenizer, which feeds both engines.

Nothing is imported here: `learnings` needs the documents, and finding needs the learnings.
"""
