"""Fieldwork: what happens at the entity's door, from the dispatched visit to the signed record, online or days offline."""
