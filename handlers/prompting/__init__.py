"""Prompting: `/prompts`, the board of a pocket's schedules, the form that changes one, and the bank."""

from . import board, editing, news, shelves
from .commands import asked, open_board

__all__ = ["asked", "board", "editing", "news", "open_board", "shelves"]
