"""The steps of an import: open, read, store, publish."""
