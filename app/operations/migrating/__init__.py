"""The steps of a migration: open a session, store it as an import, prove it, remember it."""
