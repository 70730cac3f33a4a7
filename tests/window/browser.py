"""Stands for the person's browser: writes down what it was told to open."""

import sys
from pathlib import Path

if __name__ == "__main__":
    with Path(sys.argv[1]).open("a", encoding="utf-8") as told:
        told.write(sys.argv[2] + "\n")
