"""`make eval-duplicates`: how well the desk recognises that two requests are about one problem."""
