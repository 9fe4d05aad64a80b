"""Thin Rasa actions: slots in, one call, events out. The words and the logic are elsewhere."""
