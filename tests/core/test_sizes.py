"""Sizes as people say them."""

import pytest

from app.core.sizes import readable_size


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (4_620, "4.6 kB"),
        (128_400_000, "128 MB"),
        (999_600, "1.0 MB"),
        (1_234_567_890, "1.2 GB"),
        (5e15, "5000 TB"),
    ],
)
def test_size_is_said_shortly(size, said):
    """Two or three digits and a unit are what one can take in."""
    assert readable_size(size) == said
