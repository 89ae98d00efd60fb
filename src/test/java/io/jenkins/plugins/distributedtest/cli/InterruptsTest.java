package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Signals to a process of its own, which does not end by itself. */
class InterruptsTest {
    /** A command whose end is blocked, and so are the last things that it does. */
    static final class Stuck {
        private Stuck() {}

        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch never = new CountDownLatch(1);
            Interrupts.handle(
                    () -> {
                        System.out.println("first");
                        block(never);
                    },
                    Duration.ofDays(1),
                    ExitCode.CANCELLED,
                    false,
                    () -> {
                        System.out.println("second");
                        block(never);
                    });
            DaemonThreads.start("beside", () -> System.out.println("ready"));
            never.await();
        }

        private static void block(CountDownLatch never) {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aSecondSignalEndsTheProcessWhateverBlocks() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stuck.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("ready");
            process.toHandle().destroy(); // which leaves its output open
            assertThat(out.readLine()).isEqualTo("first");
            process.toHandle().destroy(); // which leaves its output open
            assertThat(out.readLine()).isEqualTo("second");
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ExitCode.CANCELLED);
        } finally {
            process.destroyForcibly();
        }
    }
}
