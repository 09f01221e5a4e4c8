"""``python Testing/cohort``: run from anywhere, with the Python that has the library's dependencies."""

import sys
from pathlib import Path

if __name__ == "__main__":
    testing = Path(__file__).resolve().parent.parent
    # In place of this folder, whose files are modules of a package.
    sys.path[:1] = [str(testing), str(testing.parent / "KneeCartilageSeg")]
    from cohort.commandline import main

    sys.exit(main())
