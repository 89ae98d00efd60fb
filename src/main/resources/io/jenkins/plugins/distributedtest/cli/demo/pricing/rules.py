"""Rules for prices."""


def tax(cents, rate):
    """The tax in an amount, rounded half up."""
    if not 0 <= rate <= 100:
        raise ValueError(f"not a rate: {rate}")
    return (cents * rate * 2 + 100) // 200


def tiers(count):
    """Discount in percent by number of pieces."""
    return next((percent for least, percent in ((100, 20), (50, 15), (10, 5)) if count >= least), 0)


def primes(limit):
    """Article numbers of test articles are primes."""
    sieve = [True] * (limit + 1)
    sieve[0:2] = [False, False]
    for number in range(2, int(limit ** 0.5) + 1):
        if sieve[number]:
            sieve[number * number::number] = [False] * len(sieve[number * number::number])
    return [number for number, prime in enumerate(sieve) if prime]
