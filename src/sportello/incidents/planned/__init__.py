"""Planned maintenance: what is worked on, when, and who has been told.

rules    what may be planned, and what of a change its customers have to hear of
queries  what is planned, whom it hits, who is still to be told
letters  the mail to one person
actions  planning, changing, calling off; and the job that tells, in portions
"""
