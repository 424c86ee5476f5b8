"""`outloud`, and `python -m bot`."""

import gc

# All that a start imports stays: to look for garbage in it, over and over, takes a quarter of that time. It is looked for
# again once a command is loaded (`commands`).
gc.disable()

from .commands import main  # noqa: E402

if __name__ == "__main__":
    main()
