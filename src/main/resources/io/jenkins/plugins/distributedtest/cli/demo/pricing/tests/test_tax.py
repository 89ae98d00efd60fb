import time

import pytest

from pricing.rules import primes, tax, tiers


@pytest.mark.parametrize("cents, rate, expected", [(100, 19, 19), (5, 10, 1), (0, 19, 0), (1000, 7, 70)])
def test_tax(cents, rate, expected):
    assert tax(cents, rate) == expected


def test_refuses_rates_that_are_none():
    with pytest.raises(ValueError):
        tax(100, 101)
