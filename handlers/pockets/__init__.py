"""Pockets: how one begins and ends, what its leads decide, and its export."""
