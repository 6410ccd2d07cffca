"""Who has approved what: the team leader's approval as it came from the field, and the head's where the profile asks for it."""
