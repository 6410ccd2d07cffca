"""Training records: what was planned and held, and who took part (001 二（五）, 003 art. 10)."""
