package shop;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a customer is about to buy. */
public final class Cart {
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Map<String, Money> prices = new LinkedHashMap<>();

    public Cart add(String article, Money price, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count must be positive: " + count);
        }
        counts.merge(article, count, Integer::sum);
        prices.put(article, price);
        return this;
    }

    public void remove(String article) {
        counts.remove(article);
        prices.remove(article);
    }

    public int size() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    public Money total() {
        Money sum = new Money(0);
        for (Map.Entry<String, Integer> each : counts.entrySet()) {
            sum = sum.plus(prices.get(each.getKey()).times(each.getValue()));
        }
        return sum;
    }

    public Money totalWithDiscount() {
        return size() >= 10 ? total().percent(90) : total();
    }
}
