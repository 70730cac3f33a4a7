"""Conversations as files of their own: Markdown, HTML and plain text."""
