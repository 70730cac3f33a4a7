"""Using backups: opening a file, bringing a state back, checking."""
