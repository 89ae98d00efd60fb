import time

import pytest

from pricing.rules import primes, tax, tiers


def test_margins_is_complete():
    time.sleep(0.08)
    assert sum(tax(cents, 19) for cents in range(1000)) == 94910
