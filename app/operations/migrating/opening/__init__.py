"""Opening a legacy session: its files, uploaded archive and backups as parts of an import."""
