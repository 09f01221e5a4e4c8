"""``python -m KneeCartilageSegLib`` is the command ``knee-cartilage-seg``."""

import sys

from .commandline import main

if __name__ == "__main__":
    sys.exit(main())
