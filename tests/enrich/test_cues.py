"""The cue lexicon: what the rules of quotes rely on."""

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Act
from pipeline.enrich.cues import lexicon, parse_lexicon
from pipeline.enrich.inflection import verb_forms
from pipeline.errors import ConfigurationError

# Typed by hand, not generated: lemma and its forms as they stand in news, American and British.
FORMS = """
say says said saying | tell tells told telling | write writes wrote written writing | speak spoke spoken speaking
swear swore sworn swearing | think thought thinking | know knew known | find found finding | show showed shown
hear heard | feel felt | mean meant | hold held holding | read reads reading | see saw seen seeing | go goes went going
foresee foresaw foreseen foreseeing | forbid forbade forbidden forbidding | forget forgot forgotten forgetting
understand understood | weep wept | sing sang sung | spit spat spitting | shoot shot shooting
begin began begun beginning | beseech besought | plead pleaded pled pleads | prove proven proved | learn learned learnt
dream dreamt dreamed | forecast forecast forecasts forecasted forecasting | foretell foretold
undertake undertook undertaken | overhear overheard | retell retold | bet bet betting | put puts putting | hit hitting
seek sought | quiz quizzed quizzing quizzes | come came coming | take took taken taking | give gave given giving
cry cries cried crying | reply replies replied replying | testify testifies testified | deny denies denied denying
lie lied lying lies | agree agreed agreeing | guarantee guaranteed guaranteeing | decree decreed decreeing
argue argued arguing | continue continued continuing | rue rued ruing | echo echoes echoed | coo cooed cooing
admit admits admitted admitting | submit submitted submitting | infer inferred inferring | refer referred referring
rebut rebutted rebutting | regret regretted regretting | prefer preferred | extol extolled extolling
quip quipped quipping | beg begged begging | brag bragged | slam slammed slamming | blog blogged | plan planned planning
snap snapped | flag flagged | rip ripped | sob sobbed | nod nodded | fret fretted | dub dubbed | pan panned
chat chatted | vow vowed vowing | coax coaxed | offer offered offering | answer answered | whisper whispered
mention mentioned | tear tore torn | demur demurred | aver averred averring
concur concurred | deadpan deadpanned | ad-lib ad-libbed | backpedal backpedaled backpedalled
reveal revealed revealing | appeal appealed | shout shouted | gossip gossiped | repeat repeated | tweet tweeted
signal signalled signaled signalling signaling | marvel marvelled marveled | counsel counselled counseled
label labelled labeled | mimic mimicked mimicking | stress stresses stressed | wish wishes | express expresses
emphasize emphasise emphasised emphasized emphasising emphasises | criticize criticised criticized criticises
realize realised realised | recognize recognises recognized | apologize apologised apologising | theorize theorised
summarize summarised | characterize characterised | favor favour favoured favored | rumor rumoured | clamor clamouring
inquire enquire enquired enquiring | lambast lambaste lambasted lambasting lambastes | email e-mailed emailed
"""


def test_every_inflected_form_in_the_news_finds_its_lemma():
    for row in re.split(r"[|\n]", FORMS.strip()):
        lemma, *forms = row.split()
        assert {form: lexicon().form(form) for form in forms} == dict.fromkeys(forms, lemma)


def test_words_that_only_look_like_forms_find_nothing():
    for word in ("saided", "sayed", "telled", "writed", "president", "sadly", "wrote down", "advize", "prisise", ""):
        assert lexicon().form(word) is None


def test_advise_and_promise_keep_their_s():
    assert lexicon().form("advised") == "advise"
    assert lexicon().form("promising") == "promise"
    assert verb_forms("promise") == {"promise", "promises", "promised", "promising"}


def test_nouns_and_adjectives_have_forms_of_their_own():
    form = lexicon().form
    nouns = {"statements": "statement", "replies": "reply", "theses": "thesis", "hypotheses": "hypothesis"}
    nouns |= {"judgement": "judgment", "rumours": "rumor", "press releases": "press release", "speeches": "speech"}
    assert {word: form(word, "noun") for word in nouns} == nouns
    assert (form("thought"), form("thought", "noun")) == ("think", "thought")
    assert form("sceptical", "adjective") == "skeptical"


def test_phrasal_verbs_are_found_with_and_without_their_particle():
    form = lexicon().form
    assert form("pointed out") == "point out"
    assert form("hitting back") == "hit back"
    assert form("chimed") == "chime", "the bare head leads to the lemma that a particle completes"
    assert {"go on", "weigh in", "sum up", "speak out", "fire back", "chime in", "spell out"} <= set(lexicon().verbs)


def test_every_lemma_is_a_form_of_itself():
    cues = lexicon()
    for pos, entries in (("verb", cues.verbs), ("noun", cues.nouns), ("adjective", cues.adjectives)):
        assert [lemma for lemma in entries if cues.form(lemma, pos) != lemma] == []


def test_the_lexicon_is_wide():
    cues = lexicon()
    assert len(cues.verbs) >= 700
    assert len(cues.nouns) >= 300
    assert len(cues.phrases) >= 250
    for act in Act:
        assert any(cue.act is act for cue in cues.verbs.values())


def test_its_lines_are_sorted_so_that_a_reader_finds_them():
    text = files("pipeline.enrich").joinpath("cues.txt").read_text(encoding="utf-8")
    for section in re.split(r"^\[\w+\]$", text, flags=re.MULTILINE)[1:]:
        lemmas = [line.split("|")[0].strip() for line in section.splitlines() if line and line[0] != "#"]
        assert lemmas == sorted(lemmas)


@pytest.mark.parametrize(
    ("lemma", "takes"),
    [
        ("say", {"that", "quote"}),
        ("tell", {"person_that", "person_to", "quote"}),
        ("accuse", {"person_of"}),
        ("urge", {"person_to", "that"}),
        ("call on", {"person_to"}),
        ("describe", {"as"}),
        ("call", {"call", "for"}),
        ("ask", {"whether", "quote", "person_to"}),
        ("wonder", {"whether", "quote"}),
        ("pledge", {"to", "that"}),
        ("slam", {"object", "as"}),
        ("refer", {"to_object"}),
        ("speak", {"of", "about"}),
        ("rule", {"that"}),
        ("suggest", {"that", "ing"}),
    ],
)
def test_what_a_cue_takes_in_news(lemma, takes):
    assert takes <= lexicon().verbs[lemma].takes


def test_said_that_is_never_told_without_a_person():
    assert "that" not in lexicon().verbs["tell"].takes
    assert "that" not in lexicon().verbs["accuse"].takes


def test_acts_and_denials():
    verbs = lexicon().verbs
    acts = {lemma: verbs[lemma].act for lemma in ("say", "tweet", "believe")}
    assert acts == {"say": Act.SPEECH, "tweet": Act.WRITING, "believe": Act.THOUGHT}
    assert all(verbs[lemma].negative for lemma in ("deny", "refuse", "reject", "dispute", "doubt", "decline"))
    assert not any(verbs[lemma].negative for lemma in ("say", "warn", "criticize", "admit"))
    assert lexicon().nouns["denial"].negative


@pytest.mark.parametrize(
    ("text", "lemma", "matched", "source"),
    [
        ("rain is due , according to the met office .", "according to", "according to", None),
        (
            "it is over , as a senior minister put it .",
            "as … put it",
            "as a senior minister put it",
            "a senior minister",
        ),
        ("in his view , it failed", "in …'s view", "in his view", "his"),
        ("in mr. smith 's own words , it failed", "in …'s own words", "in mr. smith 's own words", "mr. smith 's"),
        ("by his own account he lied", "by …'s own account", "by his own account", "his"),
        ("in the words of one aide", "in the words of", "in the words of", None),
        ("she was quoted as saying that", "be quoted as saying", "was quoted as saying", None),
        ("the paper quoted him as saying so", "quote … as saying", "quoted him as saying", "him"),
        ("he took to twitter to vent", "take to twitter", "took to twitter", None),
        ("they issued a strongly worded statement", "issue … statement", "issued a strongly worded statement", None),
        ("raising serious concerns that", "raise … concern", "raising serious concerns", None),
        ("he made it clear that", "make it clear", "made it clear", None),
        ("he came out and said it", "come out and say", "came out and said", None),
    ],
)
def test_phrases_are_found_whatever_their_inflection(text, lemma, matched, source):
    words = text.split()
    found = next(match for at in range(len(words)) if (match := lexicon().phrase_at(words, at)))
    assert found.cue.lemma == lemma
    assert " ".join(words[found.start : found.end]) == matched
    assert (found.source and " ".join(words[slice(*found.source)])) == source


@pytest.mark.parametrize(
    "text",
    [
        "in berlin with a view to peace",
        "as he left . they tell it",
        "the view from here",
        "to hear the band",
        "by the account they keep",
    ],
)
def test_near_misses_are_no_phrases(text):
    words = text.split()
    assert [lexicon().phrase_at(words, at) for at in range(len(words)) if lexicon().phrase_at(words, at)] == []


WORDS = ["as", "in", "by", "the", "his", "'s", "…", "put", "it", "view", "words", "quoted", "saying", ".", "quote", "x"]


@given(st.lists(st.sampled_from(WORDS)), st.data())
def test_a_phrase_never_reaches_beyond_the_words(words, data):
    if words:
        at = data.draw(st.integers(0, len(words) - 1))
        if match := lexicon().phrase_at(words, at):
            assert match.start == at < match.end <= len(words)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("say | speech loud | that", "speech loud"),
        ("say | speach strong | that", "speach"),
        ("say | speech strong | that thta", "thta"),
        ("say | speech strong", "columns"),
        ("say | speech strong | that\nsay | speech weak | that", "twice"),
    ],
)
def test_a_mistake_in_the_data_names_its_line(line, complaint):
    with pytest.raises(ConfigurationError, match=rf"line \d, 'say'.*{complaint}"):
        parse_lexicon(f"[verbs]\n{line}\n")
