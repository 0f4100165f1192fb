"""`Article` → `EnrichedArticle`: names, quotes and their speakers. One spaCy component a file, each usable alone."""
