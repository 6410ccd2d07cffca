"""How a spreadsheet's row becomes a record: columns that know their headings, what they demand and how they read."""
