"""The forms an agency works with: shipped ones and its own, written in Excel, compared, approved, chosen for a visit.

`rules` turns a workbook into a form and back, says what differs between two versions and which form suits an entity. A
version that is approved is pinned by its SHA-256 and never changes.
"""
