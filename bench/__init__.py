"""The comparison with stock Rasa and the load test (``make bench``)."""
