"""Where the frozen program begins."""

import multiprocessing
import sys
from pathlib import Path

from leftovers import mark_and_clear

from app.main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # a frozen child process begins here too
    mark_and_clear(Path(sys._MEIPASS))  # type: ignore[attr-defined] # the starter's
    sys.exit(main())
