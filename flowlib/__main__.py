"""`python -m flowlib` does what the command `flowlib` does."""

import sys

from flowlib.cli import main

if __name__ == "__main__":
    sys.exit(main())
