"""The demonstration: an invented agency, its people and directories, and the whole main job played over the real API.

`yaohao demo` serves it; `yaohao demo --once` plays the story through and leaves its results in a folder. Every name,
code and certificate is made up by a seeded generator.
"""
