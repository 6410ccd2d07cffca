"""What the rules want filed on other platforms and with 综合法规科: named with its article, exported, ticked off by a named person."""
