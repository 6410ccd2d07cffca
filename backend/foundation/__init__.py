"""What every stage stands on: who acts, what is recorded of it, which rules hold, and work done later."""
