package io.jenkins.plugins.distributedtest.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void backingOffGrowsFrom200MillisecondsToHalfAMinute() {
        Backoff backoff = new Backoff();
        for (long expected : new long[] {200, 1000, 2000, 4000, 8000, 16000, 30000, 30000}) {
            assertThat(backoff.next().toMillis()).isBetween(expected * 8 / 10, expected * 12 / 10);
        }
        backoff.lasted(Duration.ofMillis(1500));
        assertThat(backoff.next()).as("a short success changes nothing").isGreaterThan(Duration.ofSeconds(20));
        backoff.lasted(Duration.ofSeconds(2));
        assertThat(backoff.next()).isLessThan(Duration.ofMillis(300));
    }

    @Test
    void briskPausesStayShortAndAreThoseOfAllConnectionsOfAProcess() {
        Backoff one = Backoff.brisk();
        Backoff two = Backoff.brisk();
        for (long expected : new long[] {200, 1000, 1000, 1000, 1000}) {
            Duration pause = one.next();
            assertThat(pause.toMillis()).isBetween(expected * 8 / 10, expected * 12 / 10);
            assertThat(two.next()).isEqualTo(pause);
        }
    }
}
