"""Pictures moved off the middle, and brought back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foursteps.data.places import OFF_CENTRE, centred, moved, off_centre


def picture(top, left, height, width, size=12):
    image = np.zeros((size, size), np.uint8)
    image[top : top + height, left : left + width] = 200
    return image


@given(st.integers(-3, 3), st.integers(-3, 3))
def test_when_a_picture_is_moved_then_its_ink_is_found_so_many_pixels_down_and_right(down, right):
    [found] = moved(picture(4, 4, 3, 2)[None], np.array([[down, right]]))
    assert (found == picture(4 + down, 4 + right, 3, 2)).all()


def test_when_ink_leaves_the_picture_then_it_is_gone_and_black_comes_in():
    [found] = moved(picture(0, 5, 4, 1)[None], np.array([[-2, 0]]))
    assert (found == picture(0, 5, 2, 1)).all()


@given(st.integers(0, 6), st.integers(0, 6), st.integers(1, 6), st.integers(1, 6))
def test_when_a_picture_is_centred_then_its_ink_is_as_far_from_either_side_to_within_one(top, left, h, w):
    [found] = centred(picture(top, left, h, w)[None])
    for ink in (found.any(0), found.any(1)):
        places = np.flatnonzero(ink)
        assert abs(places[0] - (len(ink) - 1 - places[-1])) <= 1
    assert found.sum() == picture(top, left, h, w).sum()


def test_when_a_picture_is_black_then_centring_leaves_it_so():
    assert not centred(np.zeros((2, 5, 5), np.uint8)).any()


def test_when_pictures_are_put_off_centre_twice_then_each_lies_where_it_lay():
    images = np.stack([picture(5, 5, 2, 2, 14)] * 60)
    first, again = off_centre(images), off_centre(images)
    assert (first == again).all()
    found = {tuple(np.argwhere(image)[0] - 5) for image in first}
    assert len(found) > 20
    assert np.abs(list(found)).max() == OFF_CENTRE
