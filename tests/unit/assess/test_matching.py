"""Which stimuli have a counterpart, and what is said of those that have none."""

from __future__ import annotations

from audit.assess.matching import matched, pairing_problem
from audit.records import Exclusion, Modality
from audit.stimuli import Stimulus, StimulusSet


def targets(label: str, *stimuli: tuple[str, str]) -> StimulusSet:
    """Stimuli by cluster and block; the cluster's name serves as key and label."""
    return StimulusSet(
        label,
        label,
        "image",
        tuple(
            Stimulus(f"{label}/{cluster}/{i}", Modality.IMAGE, "image", cluster, cluster, cluster, "", cluster, block)
            for i, (cluster, block) in enumerate(stimuli)
        ),
    )


def test_stimuli_without_a_counterpart_are_left_out_by_name():
    women = targets("women", ("w1", "doctor"), ("w2", "judge"), ("w3", "pilot"), ("w4", "pilot"), ("w5", ""))
    men = targets("men", ("m1", "doctor"), ("m2", "judge"), ("m3", "farmer"))
    x, y = matched(women, men, "role")
    assert [s.cluster for s in x.stimuli] == ["w1", "w2"]
    assert [s.cluster for s in y.stimuli] == ["m1", "m2"]
    assert x.excluded == (
        Exclusion("women", 1, "they have no role", ("w5",)),
        Exclusion("women", 2, "there is none of the same role among men", ("w3", "w4")),
    )
    assert y.excluded == (Exclusion("men", 1, "there is none of the same role among women", ("m3",)),)
    assert pairing_problem(x, y, "role") is None


def test_a_cluster_of_several_stimuli_is_counted_once_and_long_lists_are_cut():
    women = targets("women", *[(f"w{i // 2}", f"role {i // 2}") for i in range(60)])
    men = targets("men", ("m0", "role 0"), ("m1", "role 1"))
    (left_out,) = matched(women, men, "role")[0].excluded
    assert (left_out.count, len(left_out.names), left_out.names[0]) == (28, 20, "w2")


def test_two_empty_blocks_are_no_pair():
    x, y = matched(targets("women", ("w1", "")), targets("men", ("m1", "")), "role")
    assert (x.stimuli, y.stimuli) == ((), ())
    assert pairing_problem(x, y, "role") == "no role has both women and men, and at least 2 are needed"


def test_one_pair_is_too_few():
    x, y = matched(targets("women", ("w1", "doctor")), targets("men", ("m1", "doctor")), "role")
    assert pairing_problem(x, y, "role") == "1 role has both women and men, and at least 2 are needed"


def test_pairs_by_position_are_named_by_their_terms_whichever_is_x():
    her, his = targets("hers", ("she", "0"), ("woman", "1")), targets("his", ("he", "0"), ("man", "1"))
    x, y = matched(her, his, "position")
    assert [s.block for s in x.stimuli] == [s.block for s in y.stimuli] == ["he / she", "man / woman"]
    swapped = matched(his, her, "position")[0]
    assert [s.block for s in swapped.stimuli] == ["he / she", "man / woman"]
    alone = matched(her, targets("his", ("man", "1")), "position")
    assert alone[0].excluded == (Exclusion("hers", 1, "there is none of the same position among his", ("she",)),)
    assert pairing_problem(*alone, "position") == "1 pair has both hers and his, and at least 2 are needed"


def test_a_cluster_in_several_blocks_ties_pairs_together():
    women = targets("women", ("anna", "market"), ("anna", "office"), ("berta", "school"))
    men = targets("men", ("carl", "market"), ("dora", "office"), ("emil", "school"))
    problem = pairing_problem(*matched(women, men, "scene"), "scene")
    assert problem == "pairs within scene are not independent, since some clusters lie in several: anna"


def test_a_cluster_on_both_sides_of_different_pairs_ties_them_too():
    women = targets("first", ("anna", "market"), ("berta", "office"))
    men = targets("second", ("berta", "market"), ("carl", "office"))
    assert pairing_problem(*matched(women, men, "scene"), "scene").endswith("in several: berta")
