"""The local match: where on the cartilage two images match."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from KneeCartilageSegLib.images.transforms import Chain, map_points
from KneeCartilageSegLib.registration.expectation import expected_dice
from KneeCartilageSegLib.registration.local_match import NO_LOCAL_MATCH, LocalSampler
from KneeCartilageSegLib.registration.stages import Modality
from KneeCartilageSegLib.tissue import Tissue


@pytest.fixture(scope="module")
def sampler(registered_pair):
    reference = registered_pair.reference
    return LocalSampler(reference.image, reference.masks[Tissue.CARTILAGE])


@pytest.fixture(scope="module")
def chain(registered_pair):
    return registered_pair.alignment.chain_after(4)


@pytest.fixture(scope="module")
def good(registered_pair, sampler, chain):
    return sampler.measure(registered_pair.moving.image, chain)


def altered(image: sitk.Image, values: np.ndarray) -> sitk.Image:
    result = sitk.GetImageFromArray(values.astype(np.float32))
    result.CopyInformation(image)
    return result


def test_of_a_good_registration(good):
    assert good.mean > 0.6
    assert good.poor < 0.5


def test_other_contrast_does_not_matter(registered_pair, sampler, chain, good):
    image = registered_pair.moving.image
    values = sitk.GetArrayFromImage(image).astype(float)
    inverted = altered(image, values.max() - values)
    assert sampler.measure(inverted, chain).mean == pytest.approx(good.mean, abs=0.1)


def test_a_void_in_the_cartilage_matches_badly(registered_pair, sampler, chain, good):
    image = registered_pair.moving.image
    place = map_points(chain.composite(), _cartilage(registered_pair))[0]
    values = sitk.GetArrayFromImage(image).astype(float)
    places = np.argwhere(np.ones(values.shape, bool))[:, ::-1]
    matrix = np.reshape(image.GetDirection(), (3, 3)) * image.GetSpacing()
    near = np.linalg.norm(places @ matrix.T + image.GetOrigin() - place, axis=1) < 25
    values.ravel()[near] = 0
    match = sampler.measure(altered(image, values), chain)
    assert match.mean < good.mean - 0.1
    assert match.poor > good.poor + 0.1


def _cartilage(pair) -> np.ndarray:
    mask = pair.reference.masks[Tissue.CARTILAGE]
    indices = np.argwhere(sitk.GetArrayViewFromImage(mask))[::200, ::-1]
    return np.array([mask.TransformIndexToPhysicalPoint(index.tolist()) for index in indices])


def test_knees_beside_each_other_match_badly(registered_pair, sampler, chain, good):
    beside = Chain((*chain.transforms, sitk.TranslationTransform(3, (6.0, 6.0, 6.0))))
    match = sampler.measure(registered_pair.moving.image, beside)
    assert match.mean < 0.5 * good.mean


def test_knees_far_from_each_other(registered_pair, sampler, chain):
    away = Chain((*chain.transforms, sitk.TranslationTransform(3, (900.0, 0.0, 0.0))))
    assert sampler.measure(registered_pair.moving.image, away) == NO_LOCAL_MATCH


@pytest.mark.parametrize("modality", Modality)
def test_expectation_grows_with_the_match(modality):
    expected = [expected_dice(modality, local) for local in np.linspace(-0.2, 1, 25)]
    assert expected[0] == 0
    assert expected[-1] < 1
    assert expected == sorted(expected)


def test_fusion_is_expected_to_help():
    one, three = (expected_dice(Modality.NEW_SUBJECT, 0.75, count) for count in (1, 3))
    assert three > one
    assert expected_dice(Modality.NEW_SUBJECT, 0.0, 3) == 0
