"""The calendar of a month: which visits may be made on which day, which windows end, which days are worked."""
