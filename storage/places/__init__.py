"""Pockets and channels: who leads, who is where, what a pocket decided, and what was missed there."""
