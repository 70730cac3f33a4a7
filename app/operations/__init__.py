"""The verbs, one module per noun; what the table in `app/api.py` lists."""
