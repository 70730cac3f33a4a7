"""What the invented person talked about, by theme; each module tells some conversations."""
