"""What was changed in a register, by whom and from which source: the history of matters and inspectors."""
