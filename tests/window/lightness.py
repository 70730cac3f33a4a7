"""Tells how light, of 255, the screen is at a place."""

import sys

from PySide6.QtGui import QGuiApplication

if __name__ == "__main__":
    application = QGuiApplication(sys.argv[:1])
    picture = QGuiApplication.primaryScreen().grabWindow(0, *map(int, sys.argv[1:3]), 1, 1)
    print(picture.toImage().pixelColor(0, 0).lightness())
