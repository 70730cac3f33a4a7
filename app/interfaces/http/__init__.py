"""The page server and REST API: one gate, then a loop over the table of operations."""
