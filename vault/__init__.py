"""Sealing, receipts and tables: the only place that touches cryptography and the database.

Nothing readable passes this package. What people write is sealed to the people who may read it
before it is stored; the server keeps no key that opens it.

======================  ==========================================================================
``vault.sealing``       envelopes: sealed to several recipients, opened with one private key
``vault.receipts``      the 24 digits a reporter keeps, and what is derived from them
``vault.wrapping``      what a focal point's passphrase derives, and her wrapped private key
``vault.keyfiles``      private keys that are kept as files (Task Force, recovery)
``vault.signing``       signatures made with those keys
``vault.release_log``   what was ever released, as a chain of signed entries
``vault.secrets``       the one secret of the server, and the four that are derived from it
``vault.database``      SQLite or PostgreSQL, with the same code and the same migrations
``vault.stores``        cases, accounts, keys, rounds, the drop box, invitations
``vault.state``         conversations and sign-ins: sealed, short-lived, never on disk
``vault.errors``        everything that can go wrong
======================  ==========================================================================
"""
