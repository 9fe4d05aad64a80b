"""The first job: vetted answers about the policy and a person's options, each with its source.

Nothing here composes an answer. Every word a person reads stands in ``content/policy``, owned by
those who answer for it; this package reads those files, refuses broken ones, and hands them out.
"""

from policy.answers import Answer, Answers
from policy.menu import Family, Menu
from policy.sources import CONFIDENCES, Source

__all__ = ["CONFIDENCES", "Answer", "Answers", "Family", "Menu", "Source"]
