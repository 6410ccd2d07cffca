"""年度抽查工作计划: one line per matter, with its ratios by risk grade, months and who inspects; revisions are kept."""
