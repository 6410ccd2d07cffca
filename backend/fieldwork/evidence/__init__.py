"""Evidence: photos and files known by their SHA-256, an add-only set; bytes stay, voiding is a tombstone with a reason."""
