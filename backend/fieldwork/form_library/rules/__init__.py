"""A form as a workbook, the difference between two forms, and the choice among them. Pure."""
