"""Changes: the one order in which an agency's fieldwork changed, so that a phone can ask for what is new since its cursor."""
