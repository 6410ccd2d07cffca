"""随机匹配: inspectors to the drawn entities, as evenly as the rules and recusals allow (draw.md 1.10)."""
