"""Messages as HTML: Markdown, mathematics, code, made safe in one place."""
