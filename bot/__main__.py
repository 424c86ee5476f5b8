"""`outloud`, and `python -m bot`."""

from .commands import main

if __name__ == "__main__":
    main()
