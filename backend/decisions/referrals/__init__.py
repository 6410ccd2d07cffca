"""移交与移送: what an inspection found goes to those who act on it: the daily supervisor, the case-handling unit, the judiciary."""
