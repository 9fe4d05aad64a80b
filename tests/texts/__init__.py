"""What people read, in every language: typography, terms, reading level, and how it asks."""
