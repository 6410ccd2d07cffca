"""What waits for whom: one list over all stages, by deadline, with the state of plans, teams and draws beside it.

Each stage's share is in a file of its own under `sources/`; a share is asked only for people whose role may act on it.
"""
