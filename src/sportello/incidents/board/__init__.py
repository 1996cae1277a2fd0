"""The public status: what everybody may know, drawn once for all who ask [one.patience].

facts     what the rows say, and nothing that is private: no customer, no service, no server without a public name
rules     what it means at one instant: which incidents are open, which maintenance is under way
drawing   the pages, in both languages, with links that work on any host and in any folder
serving   an answer to one request, from what was drawn
keeping   the one value that is renewed every few seconds by a thread, and outlives the database
exporting the same pages as files of another host
"""
