"""Backups on the disk: a folder of archives that explain themselves, with no index needed."""
