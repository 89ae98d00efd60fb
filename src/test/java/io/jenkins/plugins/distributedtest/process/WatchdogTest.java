package io.jenkins.plugins.distributedtest.process;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private static final String VARIABLE = "WATCHDOG_TEST";

    private final String mark = UUID.randomUUID().toString();

    @BeforeEach
    void onLinux() {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/environ")), "/proc is missing: this needs Linux");
    }

    private Process marked() throws IOException {
        return ProcessSpec.of(List.of("sleep", "600"))
                .environment(Map.of(VARIABLE, mark))
                .start();
    }

    private ProcessHandle dog() {
        return ProcessHandle.current()
                .children()
                .filter(each -> each.info().commandLine().orElse("").endsWith(VARIABLE + "=" + mark))
                .findFirst()
                .orElseThrow();
    }

    /** A program of its own that starts a watchdog and is then killed. */
    public static final class Owner {
        private Owner() {}

        /** @param args the mark */
        public static void main(String[] args) throws IOException {
            Watchdog.start(VARIABLE, args[0]);
            System.out.write('!');
            System.out.flush();
            System.in.read();
        }
    }

    @Test
    void whatIsMarkedDiesWithTheProcessThatIsKilled() throws Exception {
        Process marked = marked();
        Process other = ProcessSpec.of(List.of("sleep", "600"))
                .environment(Map.of(VARIABLE, mark + "x"))
                .start();
        try {
            Process owner = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Owner.class.getName(),
                            mark)
                    .start();
            assertThat(owner.getInputStream().read()).isEqualTo('!');
            assertThat(marked.isAlive()).isTrue();

            owner.destroyForcibly();

            await().atMost(60, SECONDS).until(() -> !marked.isAlive());
            assertThat(other.isAlive()).isTrue();
        } finally {
            marked.destroyForcibly();
            other.destroyForcibly();
        }
    }

    @Test
    void whatIsMarkedLivesOnWhenItIsSentAway() throws Exception {
        Process marked = marked();
        try {
            Watchdog watchdog = Watchdog.start(VARIABLE, mark);
            ProcessHandle dog = dog();

            watchdog.close();

            await().atMost(60, SECONDS).until(() -> !dog.isAlive());
            assertThat(marked.isAlive()).isTrue();
        } finally {
            marked.destroyForcibly();
        }
    }
}
