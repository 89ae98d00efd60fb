import time

import pytest

from pricing.rules import primes, tax, tiers


def test_ledger_is_complete():
    time.sleep(0.15)
    assert sum(tax(cents, 19) for cents in range(1000)) == 94910
