"""Visits: one entity, one time, one team; from dispatch to the team leader's approval. A visit is the unit of the dossier."""
