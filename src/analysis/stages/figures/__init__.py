"""Pictures of the stage notebooks, one file per stage: from result tables (groups only) to a figure.

A picture is drawn within ``picture()``, which sets the pages' style and says in a line where there is too little to
draw. No figure shows a row about a person; words come from ``looking.Words``.
"""
