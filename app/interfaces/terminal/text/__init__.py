"""Results in words for people at a terminal: a module a room of results."""
