"""What the lexicons promise: one spelling a country, every row of a published table placed, lists of equal size."""

from __future__ import annotations

import pandas as pd
import pytest

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


@pytest.mark.parametrize(("odd", "even"), [("denominations-odd", "denominations-even")])
def test_the_halves_of_denominations_alternate(lexicons, odd, even):
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
