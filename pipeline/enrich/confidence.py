"""How often each rule is right, span and speaker together: what `Quote.confidence` says.

Measured on the development text: GUM's open genres (half of a content's words in common), the seed article, the
examples of `docs/quotes.md` and invented sentences, as (right + 1) / (found + 2). Most of that text is no news, and its
annotators take no noun phrase for content, so the figures are low but in order; rules seen less than four times share
one figure.
"""

SELDOM_SEEN = 0.5

CONFIDENCE: dict[str, float] = {
    # a cue governs a quotation in marks
    "cue": 0.78,  # 101 of 128
    "cue, nearest noun": 0.64,  # 6 of 9
    "noun before a colon": 0.57,  # 3 of 5
    # a reported clause
    "interposed": 0.70,  # 6 of 8
    "complement": 0.68,  # 420 of 619
    "postposed": 0.68,  # 18 of 26
    "according to": 0.59,  # 16 of 27
    "unlabelled": 0.41,  # 28 of 68
    "paratactic": 0.38,  # 2 of 6
    "parenthetical": 0.22,  # 1 of 7
    "noun": 0.20,  # 5 of 28
    # less than a clause
    "gerund": 0.38,  # 2 of 6
    "infinitive": 0.33,  # 8 of 25
    "directive": 0.25,  # 12 of 51
    "named": 0.17,  # 5 of 33
    "thing": 0.13,  # 14 of 114
    "prepositional": 0.09,  # 5 of 63
    # without a cue
    "colon": 0.50,  # 2 of 4
    "none": 0.33,  # 1 of 4: nobody is named
    "carried over": 0.22,  # 1 of 7
    "fragment of a cue": 0.11,  # 1 of 16
    "fragment": 0.08,  # 0 of 10
}
