"""One conversation: its tree, its branches, how it is read, indexed and merged."""
