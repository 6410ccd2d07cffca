"""The audit trail 全程留痕: append-only and hash-chained per agency, one entry for each action.

An entry holds who did what on what, and the digests before and after; `yaohao audit verify` recomputes the
chain. Whoever alters or removes an entry breaks every later hash.
"""
