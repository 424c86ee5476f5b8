"""The app's Home: what stands in it for a person, and what is done from there."""

from . import acts, page

__all__ = ["acts", "page"]
