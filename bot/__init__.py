"""The conversation: channels, the gate, the engine's client and the engine's own parts."""
