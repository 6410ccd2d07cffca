"""Published results for everyone: search, one result in full, how it was drawn, how to object."""
