"""An invented sample: every content type, made from a seed."""
