"""Names, role phrases and places → actors and countries: the register and its rules. Knows no articles, no index.

names.py        when two spellings are one name
actor.py        what an actor is, and when a role was held
titles.py       "the German leader" → whose role, which role
governments.py  "Berlin", "the Kremlin", "the Russian foreign ministry" → who is meant
readers.py      YAML, CSV, FollowTheMoney and Wikidata → actors
compiled.py     actors → one memory-mapped file with look-ups
register.py     all of that behind `Register.by_name`, `by_role` and `government`
lexicon.py      names, people, capitals, cities, regions → country codes, without context
countries.py    the country of a mention in its context
outlets.py      the country of an outlet
"""
