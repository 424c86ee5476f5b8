"""`outloud`, and `python -m bot`."""

import gc
import sys

# All that a start imports stays: to look for garbage in it, over and over, takes a quarter of that time. It is looked for
# again once a command is loaded (`commands`).
gc.disable()

# structlog takes rich along, and rich Pygments, for tracebacks in colours, which `logs` asks for nowhere: a hundred modules.
# It does without where there is no rich; the commands that draw tables import it for themselves.
sys.modules["rich"] = None  # type: ignore[assignment]
import structlog  # noqa: E402, F401

del sys.modules["rich"]

from .commands import main  # noqa: E402

if __name__ == "__main__":
    main()
