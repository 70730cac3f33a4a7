"""Taking conversations out: the steps from what was chosen to files in a folder."""
