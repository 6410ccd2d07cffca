"""Filling the registers from spreadsheets: one path for the command line and the office page, each bad cell named."""
