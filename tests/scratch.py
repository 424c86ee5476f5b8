"""Where tests put their files: in memory, where the machine has room there, since each commit waits for its disk elsewhere."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 -- each test process makes folders of its own in it
ROOM = 2 * 1024**3
"""Bytes that must be free: containers are often given 64 MB."""


def use_memory() -> None:
    """Let pytest's and Python's temporary folders be there, for this process and those that it starts.

    Whoever names a place by TMPDIR or PYTEST_DEBUG_TEMPROOT (docs.pytest.org, "Temporary directories") keeps it.
    """
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        for name in ("TMPDIR", "PYTEST_DEBUG_TEMPROOT"):
            os.environ.setdefault(name, str(MEMORY))
