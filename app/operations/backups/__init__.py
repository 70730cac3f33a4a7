"""Backups of exports: making, checking, restoring, keeping and clearing away."""
