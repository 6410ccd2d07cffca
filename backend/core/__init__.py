"""Pure ground: the catalogue of refusals, identifiers, canonical JSON, working days. No Flask, no database, no clock."""
