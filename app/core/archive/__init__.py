"""What the files of an export are: names, kinds, layouts, and which file a pointer means."""
