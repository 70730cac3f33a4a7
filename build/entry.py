"""Where the frozen program begins."""

import multiprocessing
import sys

from app.main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # a frozen child process begins here too
    sys.exit(main())
