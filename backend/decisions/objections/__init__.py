"""异议与更正: an entity objects to a published result, it is reviewed in working days, and a wrong result is corrected in public."""
