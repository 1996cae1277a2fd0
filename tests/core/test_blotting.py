"""Words taken out of texts."""

from __future__ import annotations

from sportello.core.blotting import MARK, Blot


def test_over_lines_and_behind_signs_of_quotation() -> None:
    blot = Blot.of(["one two three"])
    assert blot.text("so: one two\n> > three!") == (f"so: {MARK}!", 1)


def test_the_longer_one_leaves_no_rest() -> None:
    assert Blot.of(["abcd", "abcdef"]).text("abcdef abcd") == (f"{MARK} {MARK}", 2)


def test_what_is_too_short_is_not_taken_out() -> None:
    assert Blot.of(["a", " b "]).text("a b c") == ("a b c", 0)


def test_escaped_in_html() -> None:
    assert Blot.of(['a<b"&c']).html('<p>a&lt;b&quot;&amp;c a&lt;b"&amp;c</p>') == (f"<p>{MARK} {MARK}</p>", 2)


def test_html_with_marks_in_the_middle_goes_altogether() -> None:
    assert Blot.of(["Segreta99"]).html("<p>la <b>Segr</b>eta99</p>") == ("", 1)


def test_whole_words_whatever_the_capitals() -> None:
    blot = Blot.of(["Anna Rossi"], whole_words=True)
    assert blot.text("ANNA ROSSI, Rossi; Joanna Rossini") == (f"{MARK}, Rossi; Joanna Rossini", 1)
