package shop;

/** An amount in cents. */
public record Money(long cents) {
    public static Money parse(String text) {
        if (!text.matches("-?\\d+\\.\\d\\d")) {
            throw new IllegalArgumentException("not an amount: " + text);
        }
        return new Money(Long.parseLong(text.replace(".", "")));
    }

    public Money plus(Money other) {
        return new Money(Math.addExact(cents, other.cents));
    }

    public Money times(int count) {
        return new Money(Math.multiplyExact(cents, count));
    }

    public Money percent(int percent) {
        return new Money(Math.round(cents * percent / 100.0));
    }

    @Override
    public String toString() {
        return (cents < 0 ? "-" : "") + Math.abs(cents) / 100 + "." + String.format("%02d", Math.abs(cents) % 100);
    }
}
