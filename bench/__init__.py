"""Measures: the bot as a program of its own, fed by the sandbox, checked by eyes that share no code with it."""
