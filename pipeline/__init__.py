"""Whosaid: from article files to a searchable record of who said what."""
