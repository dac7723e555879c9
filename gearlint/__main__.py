"""`python -m gearlint`."""

import sys

from gearlint.cli import main

if __name__ == "__main__":
    sys.exit(main())
