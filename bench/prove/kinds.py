"""What a step of the leak hunt may be."""

from __future__ import annotations

KINDS = (
    *["look"] * 20,
    *["search"] * 12,
    *["glance"] * 6,
    *["post here"] * 4,
    "run a command",
    *["look at own"] * 8,
    *["share"] * 8,
    *["share what is there"] * 4,
    *["keep"] * 2,
    "import",
    *["undo"] * 3,
    *["come or go"] * 5,
    *["come or go, untold"] * 5,
    "convert",
    *["convert, untold"] * 2,
    *("share out", "share out, untold"),
    *("bot goes or comes", "bot goes, untold"),
    *("delete", "delete, untold"),
    "deactivate",
    *["wait"] * 3,
)
"""What a step may be, each as often as it comes up."""
