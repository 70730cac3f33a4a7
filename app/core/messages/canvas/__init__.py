"""Canvas documents: the calls that write them, the edits replayed, their versions."""
