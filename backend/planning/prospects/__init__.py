"""What an officer sees before a draw: in range, left out, exempt, flagged, under way elsewhere, left; the list behind each number."""
