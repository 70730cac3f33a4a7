"""Backups at a terminal: their results in words, and asking for a passphrase."""
