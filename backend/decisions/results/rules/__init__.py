"""The pure decisions about results: what the answers amount to, what the report says, from when the clocks run."""
