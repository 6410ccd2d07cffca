"""The front page, search first, and the page that tells how to object."""
