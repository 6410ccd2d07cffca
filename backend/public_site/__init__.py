"""The public site: read-only disclosure, an application of its own that knows no login and changes nothing."""
