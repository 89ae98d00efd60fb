import time

import pytest

from pricing.rules import primes, tax, tiers


def test_first_numbers():
    assert primes(30) == [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]


def test_how_many():
    assert len(primes(200_000)) == 17984
