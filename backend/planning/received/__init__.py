"""Lists drawn elsewhere, by a superior or on an outside platform: brought in with their file, matched here, then like any other task."""
