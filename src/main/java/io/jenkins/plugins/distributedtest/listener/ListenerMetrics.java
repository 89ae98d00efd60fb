package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What a listener tells a monitoring system. Names start with {@code distributed_test.listener}. */
final class ListenerMetrics {
    private static final String PREFIX = "distributed_test.listener.";

    private final Map<FileStatus, Counter> files = new EnumMap<>(FileStatus.class);
    private final Timer fileTime;
    private final Timer sync;
    private final Counter connects;
    private final Counter poison;
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger connected = new AtomicInteger();

    ListenerMetrics(MeterRegistry meters, int slots) {
        for (FileStatus status : FileStatus.values()) {
            files.put(
                    status,
                    Counter.builder(PREFIX + "files")
                            .description("Files run, by what came of them")
                            .tag("status", status.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
        fileTime =
                Timer.builder(PREFIX + "file").description("How long files ran").register(meters);
        sync = Timer.builder(PREFIX + "sync")
                .description("How long sources took to arrive")
                .register(meters);
        connects = Counter.builder(PREFIX + "broker.connects")
                .description("Connections made to the broker, the first included")
                .register(meters);
        poison = Counter.builder(PREFIX + "refused.messages")
                .description("Messages that were refused: malformed, or with a value that is not allowed")
                .register(meters);
        gauge(meters, "slots.busy", "Slots that run a file", busy);
        gauge(meters, "runs", "Runs that the listener takes part in", runs);
        gauge(meters, "broker.connected", "1 while connected to the broker, 0 otherwise", connected);
        Gauge.builder(PREFIX + "slots", () -> slots).description("Slots").register(meters);
    }

    private static void gauge(MeterRegistry meters, String name, String description, AtomicInteger value) {
        Gauge.builder(PREFIX + name, value, AtomicInteger::get)
                .description(description)
                .strongReference(true)
                .register(meters);
    }

    void file(FileStatus status, double seconds) {
        files.get(status).increment();
        fileTime.record(Duration.ofNanos((long) (Math.max(0, seconds) * 1e9)));
    }

    void synced(double seconds) {
        sync.record(Duration.ofNanos((long) (Math.max(0, seconds) * 1e9)));
    }

    void connected() {
        connects.increment();
        connected.set(1);
    }

    void disconnected() {
        connected.set(0);
    }

    void refused() {
        poison.increment();
    }

    void busy(int slots) {
        busy.set(slots);
    }

    void runs(int number) {
        runs.set(number);
    }
}
