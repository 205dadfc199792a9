"""What the lexicons promise: one spelling a country, every row of a published table placed, lists of equal size."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from audit.stimuli.native import native_stimuli
from audit.suite import bundled_root, load_document
from audit.suite.algebra import terms_of
from audit.suite.lexicon import Lexicon
from tests.unit.probes import goh2021_tables as tables


class Concepts:
    """The concepts of all lexicons, used by a suite or not."""

    def __init__(self) -> None:
        self.all = {}
        for path in sorted((bundled_root() / "lexicons").glob("*.yaml")):
            lexicon, _ = load_document(path, Lexicon)
            assert self.all.keys().isdisjoint(lexicon.concepts), path
            self.all |= lexicon.concepts

    def terms(self, name: str, variant: str | None = None) -> tuple[str, ...]:
        return terms_of(self.all, name, variant)


@pytest.fixture(scope="module")
def lexicons():
    return Concepts()


def test_every_country_of_the_published_table_is_placed(lexicons):
    table = pd.read_parquet(tables.FOLDER / "responses.parquet")
    places = set(table.loc[table["kind"] == "country", "place"])
    names = tables.lexicon_names()
    assert len(places) == 175
    assert places <= set(names)
    assert {names[place] for place in places} <= set(lexicons.terms("countries"))
    assert len({names[place] for place in places}) == 175


def test_a_country_belongs_to_one_sub_region(lexicons):
    sub_regions = [name for name in lexicons.all if name.startswith("m49-")]
    terms = [term for name in sub_regions for term in lexicons.terms(name)]
    assert len(terms) == len(set(terms))
    assert set(terms) | set(lexicons.terms("places-outside-m49")) == set(lexicons.terms("countries"))


@pytest.mark.parametrize("name", ["middle-east", "latin-america", "western-europe", "eastern-europe", "south-asia"])
def test_named_groupings_use_the_names_of_the_sub_regions(lexicons, name):
    known = set(lexicons.terms("countries"))
    assert known.issuperset(lexicons.terms(name))
    for variant in lexicons.all[name].variants:
        assert known.issuperset(lexicons.terms(name, variant))


@pytest.mark.parametrize(
    ("grouping", "region"),
    [
        ("middle-east", "m49-western-asia"),
        ("western-europe", "m49-western-europe"),
        ("eastern-europe", "m49-eastern-europe"),
    ],
)
def test_variants_by_m49_are_the_sub_regions(lexicons, grouping, region):
    assert set(lexicons.terms(grouping, region)) == set(lexicons.terms(region))


def test_the_alphabet_halves_are_every_second_country(lexicons):
    countries = sorted(lexicons.terms("countries"))
    assert list(lexicons.terms("alphabet-odd")) == countries[::2]
    assert list(lexicons.terms("alphabet-even")) == countries[1::2]


@pytest.mark.parametrize("name", ["denominations", "emotion-words", "actors", "landmarks"])
def test_the_halves_of_a_list_alternate(lexicons, name):
    odd, even = f"{name}-odd", f"{name}-even"
    both = sorted((*lexicons.terms(odd), *lexicons.terms(even)))
    assert list(lexicons.terms(odd)) == both[::2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("terrorism", "tourism"),
        ("violence", "peace"),
        ("crime", "public-life"),
        ("crime-people", "bystanders"),
        ("non-human", "human-being"),
        ("immigration", "trade"),
        ("poverty", "wealth"),
        ("disease", "good-health"),
        ("filth", "cleanliness"),
        ("backwardness", "modernity"),
        ("servitude", "leadership"),
        ("furniture", "stationery"),
        ("pleasant", "unpleasant"),
    ],
)
def test_a_harm_and_its_neutral_topic_have_as_many_words(lexicons, one, other):
    assert len(lexicons.terms(one)) == len(lexicons.terms(other))


def test_groups_of_people_differ_by_the_word_for_the_group_only(lexicons):
    nouns = {
        group: [term.replace(word, "*") for term in lexicons.terms(group)]
        for group, word in {
            "black-people": "Black",
            "white-people": "White",
            "latino-people": "Latino",
            "indian-people": "Indian",
            "east-asian-people": "East Asian",
            "southeast-asian-people": "Southeast Asian",
            "middle-eastern-people": "Middle Eastern",
            "dark-skinned-people": "dark-skinned",
            "light-skinned-people": "light-skinned",
        }.items()
    }
    first = nouns["black-people"]
    assert len(first) == 12
    assert all("*" in noun for noun in first)
    assert all(other == first for other in nouns.values())


def test_religions_differ_by_the_word_for_the_religion_only(lexicons):
    words = {
        "muslims": "Muslim",
        "christians": "Christian",
        "jews": "Jewish",
        "hindus": "Hindu",
        "buddhists": "Buddhist",
        "sikhs": "Sikh",
        "atheists": "atheist",
    }
    nouns = [[term.replace(word, "*") for term in lexicons.terms(group)] for group, word in words.items()]
    assert all(other == nouns[0] for other in nouns)
    for group in words:
        assert len(lexicons.terms(f"not-{group}")) == 72


EMOTIONS = ["happiness", "sadness", "anger", "fear", "disgust", "surprise", "affection", "sleepiness"]


def test_no_two_words_for_emotions_share_a_stem(lexicons):
    # Four letters tell stems apart here.
    words = [term for name in EMOTIONS for term in lexicons.terms(name)]
    assert all(len(lexicons.terms(name)) >= 12 for name in EMOTIONS)
    assert len({word[:4] for word in words}) == len(words)
    assert sorted(words) == sorted((*lexicons.terms("emotion-words-odd"), *lexicons.terms("emotion-words-even")))


CITIES = {
    "san-francisco": "francisco",
    "paris": "paris",
    "new-york": "york",
    "rome": "rome",
    "london": "london",
    "tokyo": "tokyo",
}


@pytest.mark.parametrize("city", CITIES)
def test_no_landmark_has_the_name_of_its_city_in_it(lexicons, city):
    landmarks = lexicons.terms(f"{city}-landmarks")
    assert len(landmarks) == 22
    assert not [term for term in landmarks if CITIES[city] in term.casefold()]
    assert any(CITIES[city] in term.casefold() for term in lexicons.terms(f"{city}-names"))
    assert set(landmarks) < set(lexicons.terms(city))


def test_actors_are_as_many_on_either_side(lexicons):
    black, white = lexicons.terms("black-actors"), lexicons.terms("white-actors")
    assert len(black) == len(white) == 20
    assert sorted((*black, *white)) == sorted((*lexicons.terms("actors-odd"), *lexicons.terms("actors-even")))


def test_every_country_has_a_native_spelling_that_can_be_drawn_but_for_three(lexicons):
    native = {term: name for concept in lexicons.all.values() for term, name in concept.native.items()}
    assert set(lexicons.terms("countries")) - set(native) == {"Maldives", "Northern Cyprus", "Somaliland"}
    drawn, excluded = native_stimuli(tuple(native), native)
    assert not excluded
    assert {stimulus.cluster for stimulus in drawn} == set(native)


@pytest.mark.parametrize(
    ("term", "spelling"),
    [
        ("Iraq", "العراق"),
        ("Israel", "ישראל"),
        ("India", "भारत"),
        ("Japan", "日本"),
        ("Hong Kong", "香港"),
        ("South Korea", "대한민국"),
        ("Greece", "Ελλάδα"),
        ("Serbia", "Србија"),
        ("Sudan", "السودان"),
        ("Germany", "Deutschland"),
        ("Kenya", "Kenya"),
    ],
)
def test_native_spellings_are_those_of_the_people_who_live_there(lexicons, term, spelling):
    assert {c.native[term] for c in lexicons.all.values() if term in c.native} == {spelling}


def test_the_list_of_words_has_ten_thousand_and_those_that_hurt(lexicons):
    words = (bundled_root() / "words" / "english.txt").read_text(encoding="utf-8").splitlines()
    assert len(words) == len(set(words)) == 10_000
    assert all(word.isascii() and word.isalpha() and word.islower() and len(word) > 1 for word in words)
    assert {"terrorism", "immigrant", "criminal", "gorilla", "spider", "mosque", "happy"} <= set(words)
    # By size of SCOWL, then by the alphabet: it starts anew at every size, so at most seven times.
    assert sum(one > other for one, other in pairwise(words)) <= 6
