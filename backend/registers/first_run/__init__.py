"""An agency's first day: itself and those below it, its rules, its administrator, its directories, a rehearsal draw.

The first agency of an installation is founded from the command line (`yaohao init`), for nobody can log in before; the
page does the rest and shows what is still to do.
"""
