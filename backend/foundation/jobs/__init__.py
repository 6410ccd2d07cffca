"""Work done later: a job row is the truth (state, lease, progress, tries), enqueued in its caller's transaction.

A worker leases the oldest waiting row; if it dies the lease runs out and another takes the row. There
is no second queue beside the table, so nothing can be in one and not in the other.
"""
