"""What people correct: decided through one door, put into what is indexed, honoured by every later run, exported."""

from pipeline.corrections.applying import Applied, applied, expected_enrichment
from pipeline.corrections.door import OF_READERS, Change, Corrections
from pipeline.corrections.telling import told

__all__ = ["OF_READERS", "Applied", "Change", "Corrections", "applied", "expected_enrichment", "told"]
