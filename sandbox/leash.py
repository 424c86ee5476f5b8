"""Runs a command that ends when its parent does: `python leash.py PARENT COMMAND …`, on Linux, alone and by its path.

The process becomes the command (`exec`), so that its id, signals and exit code are the command's own. A function run
between fork and exec would do as much, but must not be used in a program with threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html: kept over `exec`; the parent is the thread that forked."""


def main() -> None:
    """Ask to be killed with the parent, and become the command."""
    parent, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):
        sys.exit("The program that started this one has ended already.")
    for ignored_by_python in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored_by_python, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)  # noqa: S606 -- no shell is wanted
    except OSError as error:
        sys.exit(f"{command[0]} does not work: {error.strerror}.")


if __name__ == "__main__":
    main()
