"""Media of all exports: listed, and what is missing found and filled in."""
