"""The kinds of content beside text: tools and their answers, pages, thoughts, background."""
