"""The focal points' inbox and the Task Force's room: what they ask of the service, as HTTP.

Their pages lie in ``web/``; everything is opened and sealed there. What passes here is envelopes,
statuses and days. Put together with :func:`inbox.api.router` and :func:`inbox.taskforce.router`.
"""
