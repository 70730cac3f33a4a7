"""What a backup is: its manifest, its plan, and how two of them differ; values in, values out."""
