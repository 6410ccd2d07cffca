"""Each stage's share of the work list, one file per stage: `share(actor, today)` gives that stage's items."""
