"""The result of a visit, one per matter: drafted from the answers, completed in a report, published in working days.

What was published is never altered; a correction signed by the head is laid over it and both texts stay public
(003 art. 16).
"""
