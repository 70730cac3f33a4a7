"""One message of the export, in any of its shapes, understood as blocks."""

from app.core.messages.context import Context
from app.core.messages.understanding import understand

__all__ = ["Context", "understand"]
