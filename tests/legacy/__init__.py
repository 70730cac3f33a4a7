"""Folders as the predecessor left them: every version's layout, every known damage."""
