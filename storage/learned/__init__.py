"""Learnings: what people shared, and what becomes of it."""
