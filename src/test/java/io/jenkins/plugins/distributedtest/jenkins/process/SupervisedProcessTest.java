package io.jenkins.plugins.distributedtest.jenkins.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With real processes: shells that do what they are told. */
class SupervisedProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<ProcessStatus> changes = new CopyOnWriteArrayList<>();
    private SupervisedProcess process;

    private void start(String script, String firstLine) {
        SupervisedProcess.Watcher watcher = new SupervisedProcess.Watcher() {
            @Override
            public void printed(String line) {
                lines.add(line);
            }

            @Override
            public void changed(ProcessStatus now) {
                changes.add(now);
            }
        };
        process = new SupervisedProcess("test", ProcessSpec.of(List.of("bash", "-c", script)), firstLine, watcher);
    }

    @AfterEach
    void close() {
        process.close();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Test
    void itGetsItsSecretAndEndsWhenItIsClosed() {
        start("read secret; echo \"read ${#secret}\"; cat; echo ended", "hush");
        await().atMost(LIMIT).until(() -> lines.contains("read 4"));
        ProcessStatus running = process.status();
        assertThat(running.phase()).isEqualTo(ProcessStatus.Phase.RUNNING);
        assertThat(isAlive(running.pid())).isTrue();

        process.close();

        assertThat(isAlive(running.pid())).isFalse();
        assertThat(lines).endsWith("ended");
        assertThat(process.status().phase()).isEqualTo(ProcessStatus.Phase.STOPPED);
        assertThat(process.output()).isEqualTo("read 4\nended\n").doesNotContain("hush");
    }

    @Test
    void oneThatIsKilledIsStartedAgain() {
        start("read secret; echo $secret; cat", "again");
        for (int i = 1; i <= 3; i++) {
            int starts = i;
            await().atMost(LIMIT).until(() -> lines.size() == starts);
            assertThat(process.status().starts()).isEqualTo(starts);
            ProcessHandle.of(process.status().pid()).orElseThrow().destroyForcibly();
            await().atMost(LIMIT).until(() -> process.status().ending() != null);
        }
        await().atMost(LIMIT).until(() -> lines.size() == 4);
        assertThat(lines).containsOnly("again");
        assertThat(process.status().inWords()).contains("restarted 3 times, the last time after exit code 137");
    }

    @Test
    void pausesGrowWhileItKeepsEnding() {
        start("echo broken >&2; exit 7", "x");
        await().atMost(LIMIT).until(() -> process.status().starts() == 4);
        assertThat(process.output()).startsWith("broken\nbroken\n");
        List<Long> pauses = changes.stream()
                .filter(each -> each.phase() == ProcessStatus.Phase.WAITING)
                .map(ProcessStatus::pauseMillis)
                .toList();
        assertThat(pauses).hasSizeGreaterThanOrEqualTo(3).isSorted();
        assertThat(process.status().ending()).isEqualTo("exit code 7");
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        process = new SupervisedProcess(
                "test", ProcessSpec.of(List.of("/no/such/program")), "x", SupervisedProcess.NOBODY);
        await().atMost(LIMIT).until(() -> process.status().ending() != null);
        assertThat(process.status().ending()).contains("Cannot start /no/such/program");
    }

    @Test
    void closingDoesNotWaitForAPause() {
        start("exit 1", "x");
        await().atMost(LIMIT).until(() -> process.status().starts() >= 3);
        process.close();
        assertThat(process.status().phase()).isEqualTo(ProcessStatus.Phase.STOPPED);
    }

    @Test
    void aChildThatHoldsTheOutputKeepsNobodyFromStartingAgain() throws Exception {
        start("sleep 300 & echo $!; exit 1", "x");
        await().atMost(LIMIT).until(() -> process.status().starts() == 2);
        process.close();
        for (String pid : lines) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
