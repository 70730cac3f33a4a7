"""Keeping backups usable: healed, consolidated, cleaned up."""
