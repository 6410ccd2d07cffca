"""The entity directory (检查对象名录库): who may be inspected, with risk grade, flags, exemptions and history."""
