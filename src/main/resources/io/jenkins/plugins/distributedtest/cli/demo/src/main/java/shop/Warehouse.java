package shop;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Stock that many customers ask for at the same time, behind a slow wire. */
public final class Warehouse {
    private final Map<String, Integer> stock = new ConcurrentHashMap<>();
    private final long latencyMillis;

    public Warehouse(long latencyMillis) {
        this.latencyMillis = latencyMillis;
    }

    public void deliver(String article, int count) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(latencyMillis);
        stock.merge(article, count, Integer::sum);
    }

    public boolean take(String article) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(latencyMillis);
        boolean[] taken = {false};
        stock.computeIfPresent(article, (name, count) -> {
            taken[0] = count > 0;
            return count > 0 ? count - 1 : 0;
        });
        return taken[0];
    }

    public int count(String article) {
        return stock.getOrDefault(article, 0);
    }
}
