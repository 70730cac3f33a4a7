"""Markdown as ChatGPT writes it: GitHub's flavour with formulas and citations."""
