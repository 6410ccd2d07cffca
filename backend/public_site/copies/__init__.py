"""The party's copy of what was signed on site: seen by whoever holds the link, by nobody else, and listed nowhere."""
