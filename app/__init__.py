"""Data Dumpster Diver: keeps people's ChatGPT history on their own disk."""

import gc

__version__ = "0.1.0"

# Python looks for circles of garbage after every 700 new objects, which was a fifth of the time
# to load the program and found none. 10,000 are a few megabytes at most.
gc.set_threshold(10_000)
