"""How Outloud runs: settings, wiring, the front door, the clock, the outbox's worker, and the command line.

`wiring.Outloud` puts it together; `commands` is what an operator types. What it answers is in handlers/, what it remembers in
storage/.
"""
