"""The promises attacked: every proof they name, safeguards taken out one by one, hostile input.

``make attack`` runs all of it and writes a page; ``make test`` runs the quick part.
"""
