"""An invented sample: every content type, made from a seed.

`sample.py` writes a ChatGPT export as a ZIP, `legacy.py` a folder as the predecessor left it.
All people, places and sites in them are invented.
"""
