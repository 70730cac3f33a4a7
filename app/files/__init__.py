"""The disk: reading sources, and writing so that a file is whole or absent."""
