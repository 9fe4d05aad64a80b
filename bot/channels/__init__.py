"""Carriers of messages, and the one door that all of them go through."""
