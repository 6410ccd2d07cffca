"""Draw announcements: what binds the agency from the first moment, and everything once the draw is opened (draw.md 2)."""
