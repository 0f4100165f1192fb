"""How often each rule is right: span and speaker, on the development text (GUM's open genres and the project's examples)."""

CONFIDENCE: dict[str, float] = {}
