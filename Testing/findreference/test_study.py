"""The convergence study on made-up fields: convergence, cycles, the most iterations, failures, several seeds; and the
draw of the seeds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from KneeCartilageSegLib.errors import InputError
from KneeCartilageSegLib.findreference.seeds import pick_seeds
from KneeCartilageSegLib.findreference.study import (
    MAX_ITERATIONS,
    Ending,
    Evaluation,
    NoEvaluation,
    Study,
    StudyResult,
    conclude,
    evaluate,
)

POINTS = 50


def follow(seed, knees, evaluation, *options, **named_options):
    """The result of a study; the evaluation of a reference is what the function gives, or raises."""
    study = Study(seed, knees, *options, **named_options)
    reference = seed
    while reference is not None:
        try:
            answer = evaluation(reference)
        except NoEvaluation as error:
            answer = error
        reference = study.next_reference(answer)
    return study.result


class Population:
    """Knees that are vectors of a shape space; the field of K in R is K - R, at points that are all alike."""

    def __init__(self, shapes, failing=()):
        self.shapes = {name: np.asarray(shape, float) for name, shape in shapes.items()}
        self.failing = set(failing)
        self.asked = []

    @property
    def names(self):
        return tuple(self.shapes)

    def evaluation(self, reference):
        self.asked.append(reference)
        others = [name for name in self.names if name != reference]
        failed = {name: "the knees do not lie on each other" for name in others if (reference, name) in self.failing}
        fields = {name: self.field(reference, name) for name in others if name not in failed}
        return evaluate(reference, self.names, fields, failed, {})

    def field(self, reference, name):
        return np.tile(self.shapes[name] - self.shapes[reference], (POINTS, 1))

    def follow(self, seed, **options):
        return follow(seed, self.names, self.evaluation, **options)


class Biased(Population):
    """Registrations to a reference pull all knees in a direction of its own, as real ones do a little."""

    def __init__(self, shapes, pulls):
        super().__init__(shapes)
        self.pulls = pulls

    def field(self, reference, name):
        return super().field(reference, name) + self.pulls[reference]


AROUND_A_MEAN = {"mean": (0.1, 0, 0), "b": (4, 0, 1), "c": (-4, 1, 0), "d": (0, 5, -2), "e": (0, -5, 1)}


# Convergence


@pytest.mark.parametrize("seed", AROUND_A_MEAN)
def test_every_seed_leads_to_the_most_average_knee(seed):
    population = Population(AROUND_A_MEAN)
    result = population.follow(seed)
    assert (result.ending, result.recommended) == (Ending.CONVERGED, "mean")
    assert result.references == tuple(dict.fromkeys([seed, "mean"]))
    center = np.mean(list(population.shapes.values()), axis=0)
    assert result.distance == pytest.approx(np.linalg.norm(population.shapes["mean"] - center))
    assert population.asked == list(result.references)


def test_distances_are_those_from_the_mean_knee():
    population = Population(AROUND_A_MEAN)
    center = np.mean(list(population.shapes.values()), axis=0)
    expected = {name: np.linalg.norm(shape - center) for name, shape in population.shapes.items()}
    for reference in population.names:
        evaluation = population.evaluation(reference)
        assert evaluation.distances == pytest.approx(expected)
        assert evaluation.distance == evaluation.distances[reference]


def test_of_two_that_are_as_close_the_reference_stays():
    population = Population({"a": (1, 0, 0), "b": (-1, 0, 0), "c": (0, 3, 0), "d": (0, -3, 0)})
    assert population.follow("b").references == ("b",)
    assert population.follow("a").references == ("a",)


# A population built to cycle: each registration shifts all other knees, so that another one looks closest to the mean.

RING = {"a": (1, 0, 0), "b": (-0.5, 0.9, 0), "c": (-0.5, -0.9, 0), "far": (0, 0, 9), "away": (0, 0, -9)}
FOLLOWING = {"a": "b", "b": "c", "c": "a", "far": "a", "away": "b"}


def ring():
    """The others' mean is moved onto the knee that is to follow."""
    shapes = {name: np.array(shape, float) for name, shape in RING.items()}
    pulls = {}
    for reference, following in FOLLOWING.items():
        # The reference's own field stays zero: the mean moves by 4 fifths of the pull, each other knee by all of it.
        center = np.mean(list(shapes.values()), axis=0)
        pulls[reference] = 5 * (center - shapes[following])
    return Biased(RING, pulls)


@pytest.mark.parametrize(
    ("seed", "visited", "cycle"),
    [
        ("a", "abc", "abc"),
        ("c", "cab", "cab"),
        ("far", ("far", "a", "b", "c"), "abc"),
        ("away", ("away", "b", "c", "a"), "bca"),
    ],
)
def test_a_cycle_is_recognized_and_named(seed, visited, cycle):
    population = ring()
    result = population.follow(seed)
    assert result.ending is Ending.CYCLE
    assert result.references == tuple(visited)
    assert result.cycle == tuple(cycle)
    own = {name: population.evaluation(name).distance for name in cycle}
    assert result.recommended == min(own, key=own.get)
    assert result.distance == own[result.recommended]
    assert " -> ".join([*cycle, cycle[0]]) in result.sentence


def test_a_reference_before_the_cycle_is_not_recommended_even_if_it_is_closer():
    table = {"x": ("a", 0.1), "a": ("b", 3.0), "b": ("a", 2.0)}
    result = follow("x", "abx", tabled(table))
    assert (result.ending, result.cycle, result.recommended) == (Ending.CYCLE, ("a", "b"), "b")


def tabled(table):
    """Evaluations by reference: the knee that is closest to the mean, and the reference's own distance."""

    def evaluation(reference):
        nearest, own = table[reference]
        others = {name: own + 1 for name in table if name not in (reference, nearest)}
        return Evaluation(reference, own, {**others, nearest: own - 0.01 * (nearest != reference), reference: own})

    return evaluation


# The most iterations


def chain(count):
    names = [f"k{number:02}" for number in range(count)]
    table = {name: (following, 10.0 - number) for number, (name, following) in enumerate(zip(names, names[1:]))}
    return names, {**table, names[-1]: (names[-1], 0.5)}


def test_ten_iterations_are_really_run():
    names, table = chain(14)
    result = follow(names[0], names, tabled(table))
    assert MAX_ITERATIONS == 10
    assert result.references == tuple(names[:10])
    assert result.ending is Ending.STOPPED
    assert result.recommended == names[9]  # the lowest of those visited


def test_convergence_in_the_last_iteration_counts():
    names, table = chain(10)
    assert follow(names[0], names, tabled(table)).ending is Ending.CONVERGED
    assert follow(names[0], names, tabled(table), 9).ending is Ending.STOPPED
    assert follow(names[0], names, tabled(table), 1).references == (names[0],)


# Seeds outside, failures


def test_a_seed_that_is_none_of_the_knees_is_neither_averaged_nor_recommended():
    population = Population({**AROUND_A_MEAN, "outside": (30, 30, 30)})
    knees = tuple(AROUND_A_MEAN)

    def evaluation(reference):
        fields = {name: population.field(reference, name) for name in knees if name != reference}
        return evaluate(reference, knees, fields, {}, {})

    result = follow("outside", knees, evaluation)
    assert result.references == ("outside", "mean")
    first = result.evaluations[0]
    assert "outside" not in first.distances
    assert first.distance == pytest.approx(np.linalg.norm(np.subtract((30, 30, 30), (0.02, 0.2, 0))))
    assert follow("outside", knees, evaluation, 1).recommended is None


def test_failed_registrations_are_left_out_and_named():
    population = Population({**AROUND_A_MEAN, "left": (400, 0, 0)}, {(name, "left") for name in AROUND_A_MEAN})
    result = population.follow("b")
    assert result.recommended == "mean"
    for evaluation in result.evaluations:
        assert evaluation.failed == {"left": "the knees do not lie on each other"}
        assert "left" not in evaluation.distances
    # With it in the mean, another knee would have won.
    assert Population({**AROUND_A_MEAN, "left": (400, 0, 0)}).follow("b").recommended != "mean"


def test_too_many_failures_end_the_study_in_clear_words():
    population = Population({**AROUND_A_MEAN, "left": (400, 0, 0)}, {("left", name) for name in AROUND_A_MEAN})
    result = population.follow("left")
    assert (result.ending, result.recommended, result.evaluations) == (Ending.FAILED, None, ())
    assert "'left'" in result.sentence
    assert "5 of 6" in result.sentence


@pytest.mark.parametrize(("failing", "knees", "enough"), [(1, 4, True), (2, 4, False), (3, 6, True), (4, 7, False)])
def test_a_mean_needs_three_knees_and_half_of_them(failing, knees, enough):
    names = [str(number) for number in range(knees)]
    failed = dict.fromkeys(names[1 : failing + 1], "failed")
    fields = {name: np.ones((5, 3)) for name in names[failing + 1 :]}
    if enough:
        assert set(evaluate("0", names, fields, failed, {}).distances) == set(names) - set(failed)
    else:
        with pytest.raises(NoEvaluation):
            evaluate("0", names, fields, failed, {})


# Several seeds


def result_of(seed, recommended, distance):
    evaluation = Evaluation(recommended, distance, {recommended: distance})
    return StudyResult(seed, Ending.CONVERGED, (evaluation,), recommended=recommended)


def test_seeds_that_agree():
    conclusion = conclude([result_of("a", "m", 1.25), result_of("b", "m", 1.25)])
    assert (conclusion.recommended, conclusion.agree) == ("m", True)
    assert conclusion.sentence == (
        "Use 'm' as reference: 1.250 mm from the mean of the data set; all 2 seeds led to it."
    )


def test_seeds_that_do_not_agree():
    failed = StudyResult("c", Ending.FAILED, (), message="no")
    conclusion = conclude([result_of("a", "m", 1.5), result_of("b", "n", 1.25), result_of("d", "m", 1.5), failed])
    assert (conclusion.recommended, conclusion.agree) == ("m", False)  # more votes, though further away
    assert conclusion.sentence.endswith("2 of 4 seeds led to it, 1 to 'n', 1 to none.")


def test_of_as_many_votes_the_lowest_distance_wins():
    conclusion = conclude([result_of("a", "m", 1.5), result_of("b", "n", 1.25)])
    assert (conclusion.recommended, conclusion.agree) == ("n", False)


def test_no_seed_leads_anywhere():
    conclusion = conclude([StudyResult("c", Ending.FAILED, (), message="no")])
    assert (conclusion.recommended, conclusion.agree) == (None, False)


# The draw of the seeds

IMAGES = [f"{number:02}_prep" for number in range(1, 20)]


def test_seeds_are_drawn_reproducibly_whatever_the_order():
    drawn = pick_seeds(IMAGES, 5, 4)
    assert drawn == ["07_prep", "04_prep", "18_prep", "13_prep", "05_prep"]  # in all versions of numpy
    assert pick_seeds(IMAGES[::-1], 5, 4) == drawn
    assert pick_seeds(IMAGES, 3, 4) == drawn[:3]
    assert pick_seeds(IMAGES, 5, 5) != drawn


@pytest.mark.parametrize("seed", range(20))
def test_seeds_are_drawn_without_replacement(seed):
    assert sorted(pick_seeds(IMAGES, len(IMAGES), seed)) == IMAGES


def test_each_image_is_drawn_about_as_often_as_the_others():
    drawn = list(itertools.chain.from_iterable(pick_seeds(IMAGES, 5, seed) for seed in range(400)))
    counts = [drawn.count(name) for name in IMAGES]
    assert min(counts) > 70  # 105 expected, standard deviation 9
    assert max(counts) < 140


def test_more_seeds_than_images():
    with pytest.raises(InputError, match="20 seeds cannot be drawn from 19 images"):
        pick_seeds(IMAGES, 20, 1)
