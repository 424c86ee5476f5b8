"""The app's Home: who opened it, and what stands in it for one person."""
