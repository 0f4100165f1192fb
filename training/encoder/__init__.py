"""From corpora, annotations and a grammar to the encoder that finds names and reads who says what."""
