"""The parts that run inside Rasa (Python 3.10) and import nothing of the rest."""
