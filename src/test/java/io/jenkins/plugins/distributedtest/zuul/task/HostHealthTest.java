package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HostHealthTest {
    private static final HostFault FULL = new HostFault(HostFault.Kind.DISK, "full");

    private final HostHealth health = new HostHealth();
    private Instant now = Instant.EPOCH;

    private Duration pause() {
        return Duration.between(now, health.until());
    }

    @Test
    void theWhileGrowsUntilAJobHasWorked() {
        assertThat(health.isDue(now)).isFalse();
        assertThat(health.failed(FULL, now)).isTrue();
        assertThat(pause()).isEqualTo(HostHealth.FIRST);
        assertThat(health.isDue(now)).isFalse();
        now = health.until();
        assertThat(health.isDue(now)).isTrue();
        health.looked(FULL, now);
        assertThat(pause()).isEqualTo(HostHealth.FIRST.multipliedBy(2));
        now = health.until();
        health.looked(null, now);
        assertThat(health.fault()).isNull();
        health.failed(FULL, now);
        assertThat(pause()).as("nothing shows yet that it is well").isEqualTo(HostHealth.FIRST.multipliedBy(4));
        for (int i = 0; i < 100; i++) {
            now = health.until();
            health.looked(FULL, now);
        }
        assertThat(pause()).isEqualTo(HostHealth.LONGEST);
        health.looked(null, now);
        health.begun();
        health.failed(FULL, now);
        assertThat(pause()).isEqualTo(HostHealth.FIRST);
    }

    /** Which runs out while jobs work: that one has begun shows nothing. */
    @Test
    void aLackOfMemoryIsOverWhenAJobHasEnded() {
        for (int i = 0; i < 3; i++) {
            health.failed(new HostFault(HostFault.Kind.MEMORY, "none"), now);
            assertThat(pause()).isEqualTo(HostHealth.FIRST.multipliedBy(1L << i));
            now = health.until();
            health.looked(null, now);
            health.begun();
        }
        health.ended();
        health.failed(FULL, now);
        assertThat(pause()).isEqualTo(HostHealth.FIRST);
    }

    @Test
    void jobsThatHadBegunBeforeAddNothing() {
        health.failed(FULL, now);
        Instant until = health.until();
        assertThat(health.failed(FULL, now.plusSeconds(1))).isFalse();
        health.begun();
        health.ended();
        assertThat(health.until()).isEqualTo(until);
        assertThat(health.fault()).isEqualTo(FULL);
    }
}
