"""`make prove`: what Outloud promises, put to the proof; docs/reliability.md says what each proof does."""
