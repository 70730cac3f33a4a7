"""The window measured: its start, its bridge, and how it endures."""
