"""Sync: what a phone captured reaches the server exactly once, and the server says so with a signed receipt (sync.md)."""
