"""Each agency's own 细则 as data: every value with the article it stands in, its validity, and the deadlines it sets.

The texts of the profiles lie in `profiles/`, one file per regulation; `keys.yaml` says what a profile can fix.
Where a text is silent the profile inherits, and the value remembers from where.
"""
