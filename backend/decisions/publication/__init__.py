"""公示: what is decided about a visit's results becomes public, numbered once, in working days; or is withheld with the reason.

Its pages are where the office completes a report, the head approves it, and its results are published.
"""
