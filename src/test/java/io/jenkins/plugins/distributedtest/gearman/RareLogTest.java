package io.jenkins.plugins.distributedtest.gearman;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RareLogTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void logsTheSameLineOnceAMinute() {
        RareLog log = new RareLog(LoggerFactory.getLogger(RareLogTest.class));
        assertThat(log.isDue("refused", START)).isTrue();
        assertThat(log.isDue("refused", START.plusSeconds(59))).isFalse();
        assertThat(log.isDue("timed out", START.plusSeconds(59))).isTrue();
        assertThat(log.isDue("refused", START.plus(RareLog.REPEAT))).isTrue();
        assertThat(log.isDue("refused", START.plus(RareLog.REPEAT).plus(Duration.ofSeconds(1))))
                .isFalse();
    }

    @Test
    void remembersABoundedNumberOfLines() {
        RareLog log = new RareLog(LoggerFactory.getLogger(RareLogTest.class));
        for (int i = 0; i < 100; i++) {
            assertThat(log.isDue("line " + i, START)).isTrue();
        }
        assertThat(log.isDue("line 99", START)).isFalse();
        assertThat(log.isDue("line 0", START)).isTrue();
    }
}
