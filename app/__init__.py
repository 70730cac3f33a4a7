"""Data Dumpster Diver: keeps people's ChatGPT history on their own disk."""

__version__ = "0.1.0"
