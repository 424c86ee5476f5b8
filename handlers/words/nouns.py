"""How a pocket's noun stands in a sentence: "a tip", "an insight"."""

VOWELS = "aeiouAEIOU"


def a(noun: str) -> str:
    """The noun with its article, by its first letter; it is escaped by whoever shows it."""
    return f"{'an' if noun[:1] in VOWELS else 'a'} {noun}"


def capitalised(noun: str) -> str:
    """As a label begins; what is written in capitals, such as TIL, stays as it is."""
    return noun[:1].upper() + noun[1:]
