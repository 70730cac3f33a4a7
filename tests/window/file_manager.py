"""Stands for a file manager: a small window whose files can be dragged out of it."""

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class Files(QLabel):
    """Begins to drag its files as soon as it is pressed."""

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(Path(each))) for each in sys.argv[1:]])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    files = Files("files")
    files.setWindowTitle("Files")
    files.setGeometry(0, 0, 90, 60)
    files.show()
    sys.exit(application.exec())
