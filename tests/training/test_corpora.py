"""What somebody who trains relies on: the right texts, unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.vocab import Vocab

from training.corpora import GUM_HELD_OUT, Sentence, documents, gold_doc, gum_documents

SENTENCES = """# newdoc id = one
# text = "We cannot," she said.
1	"	"	PUNCT	``	_	3	punct	_	SpaceAfter=No
2	We	we	PRON	PRP	Case=Nom	3	nsubj	_	_
3-4	cannot	_	_	_	_	_	_	_	SpaceAfter=No
3	can	can	AUX	MD	VerbForm=Fin	7	ccomp	_	_
4	not	not	PART	RB	_	3	advmod	_	_
5	,"	,"	PUNCT	,	_	3	punct	_	_
6	she	she	PRON	PRP	Case=Nom	7	nsubj	_	_
7	said	say	VERB	VBD	VerbForm=Fin	0	root	_	SpaceAfter=No
8	.	.	PUNCT	.	_	7	punct	_	_

# text = Wanna go?
1-2	Wanna	_	_	_	_	_	_	_	_
1	Want	want	VERB	VBP	_	0	root	_	_
2	to	to	PART	TO	_	3	mark	_	_
3	go	go	VERB	VB	_	1	xcomp	_	SpaceAfter=No
4	?	?	PUNCT	.	_	1	punct	_	_

# newdoc id = two
# text = Rain fell.
1	Rain	rain	NOUN	NN	Number=Sing	2	nsubj	_	_
2	fell	fall	VERB	VBD	VerbForm=Fin	0	root	_	SpaceAfter=No
3	.	.	PUNCT	.	_	2	punct	_	_

"""


@pytest.fixture
def treebank(tmp_path: Path) -> list[list[Sentence]]:
    path = tmp_path / "some.conllu"
    path.write_text(SENTENCES, encoding="utf-8")
    return list(documents(path))


def test_a_document_is_read_as_its_text_is_written(treebank: list[list[Sentence]]) -> None:
    first, second = (gold_doc(Vocab(), document) for document in treebank)
    assert first.text == '"We cannot," she said. Wanna go? '
    assert second.text == "Rain fell. "
    assert [token.text for token in first[:5]] == ['"', "We", "can", "not", ',"']
    assert [token.text for token in first[8:10]] == ["Wann", "a"]
    assert [
        (token.text, token.head.text, token.dep_) for token in first if token.dep_ in {"ccomp", "xcomp", "mark"}
    ] == [
        ("can", "said", "ccomp"),
        ("a", "go", "mark"),
        ("go", "Wann", "xcomp"),
    ]
    assert [sentence.text for sentence in first.sents] == ['"We cannot," she said.', "Wanna go?"]


def test_neither_news_nor_what_gum_holds_out_is_learnt_from(tmp_path: Path) -> None:
    for name in ("bio_chao", "news_afghan", *GUM_HELD_OUT):
        (tmp_path / f"GUM_{name}.conllu").write_text(SENTENCES.replace("one", name), encoding="utf-8")
    assert len(GUM_HELD_OUT) == 36
    assert len(list(gum_documents(tmp_path))) == 2  # those of bio_chao
