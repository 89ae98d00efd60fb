import time

import pytest

from pricing.rules import primes, tax, tiers


@pytest.mark.parametrize("count, percent", [(0, 0), (9, 0), (10, 5), (49, 5), (50, 15), (100, 20), (1000, 20)])
def test_tiers(count, percent):
    assert tiers(count) == percent
