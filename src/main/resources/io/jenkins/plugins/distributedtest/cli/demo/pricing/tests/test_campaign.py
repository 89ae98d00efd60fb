import time

import pytest

from pricing.rules import primes, tax, tiers


def test_spring():
    assert tiers(10) == 5


def test_summer():
    # Fails on purpose: fifty pieces get fifteen percent.
    assert {"percent": tiers(50), "tax": tax(100, 19)} == {"percent": 20, "tax": 19}
