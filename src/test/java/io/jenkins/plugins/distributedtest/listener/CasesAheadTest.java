package io.jenkins.plugins.distributedtest.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A file whose tests end faster than the broker takes them. */
class CasesAheadTest {
    private static final List<TestCase> PART = List.of(new TestCase("one", "A", 0, CaseStatus.PASSED, null, "", 0));

    private final EventLoop loop = new EventLoop("test");
    private final ConcurrentLinkedQueue<Runnable> onTheirWay = new ConcurrentLinkedQueue<>();
    private final CasesAhead ahead = new CasesAhead(loop, Duration.ofMillis(50), (cases, sent) -> onTheirWay.add(sent));

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void noMoreThanSomePartsAreOnTheirWay() {
        for (int i = 0; i < CasesAhead.PARTS; i++) {
            assertThat(ahead.offer(PART)).isTrue();
        }
        assertThat(ahead.offer(PART)).isFalse();
        await().until(() -> onTheirWay.size() == CasesAhead.PARTS);
        loop.execute(onTheirWay.remove());
        await().until(() -> ahead.offer(PART));
        assertThat(ahead.offer(PART)).isFalse();
    }

    @Test
    void aBrokerThatDoesNotTakeThemHoldsTheFileUpOnlyOnce() {
        CasesAhead slow = new CasesAhead(loop, Duration.ofSeconds(2), (cases, sent) -> onTheirWay.add(sent));
        while (slow.offer(PART)) {
            assertThat(onTheirWay.size()).isLessThanOrEqualTo(CasesAhead.PARTS);
        }
        long begin = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThat(slow.offer(PART)).isFalse();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aClosedListenerTakesNone() {
        loop.close();
        await().until(() -> !ahead.offer(PART));
    }
}
