"""抽查任务: made from a line of the published plan, or ad hoc where the rules allow it; drawn, matched, dispatched."""
