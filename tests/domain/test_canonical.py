from __future__ import annotations

import math
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from labeler.domain.canonical import canonical

numbers = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(1e-7, 1e-3),
    st.floats(1e14, 1e22),
    st.integers(-(10**6), 10**6).map(lambda n: n / 1000),
)
scalars = st.one_of(st.none(), st.booleans(), numbers, st.text())
values = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)), max_leaves=20
)


@given(values)
@example({"\ue000": 1, "\U00010000": 2, "a": -0.0})
@example(['\x00\x1f\x7f\u2028"\\/\b\f\n\r\t', 1e21, 1e-7, 5e-324, 0.0001, 123456789012345.6])
def test_the_bytes_are_those_of_the_reference_implementation(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, -(2**60), "\ud800", {1: 2}, object()])
def test_what_json_cannot_hold_exactly_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r".") as ours:
        canonical([value])
    with pytest.raises(type(ours.value)):
        rfc8785.dumps([value])
