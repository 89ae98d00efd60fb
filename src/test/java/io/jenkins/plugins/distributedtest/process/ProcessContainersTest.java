package io.jenkins.plugins.distributedtest.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What containers find without looking, and what happens when one is lost. */
class ProcessContainersTest {
    private static final Map<String, String> MARKS = Map.of(ProcessSpec.MARKER, "containers-test");

    @TempDir
    Path directory;

    private Process beside;

    @AfterEach
    void stop() throws IOException {
        if (beside != null) {
            beside.destroyForcibly();
        }
        ProcessContainers.use(ProcessContainers.Kind.MARKS, directory);
    }

    private void use(ProcessContainers.Kind kind) {
        try {
            ProcessContainers.use(kind, directory);
        } catch (IOException e) {
            abort("This host has no " + kind.word() + ": " + e.getMessage());
        }
    }

    private static Process marked() throws IOException {
        return ProcessSpec.of(List.of("sleep", "1000"))
                .marker("containers-test")
                .start();
    }

    /** Has the mark, but nobody has put it into a container: only who looks at every process finds it. */
    private void startBeside() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sleep", "1000");
        builder.environment().putAll(MARKS);
        beside = builder.start();
    }

    @ParameterizedTest
    @EnumSource(ProcessContainers.Kind.class)
    void theEndOfAJobLooksAtNoOtherProcessOfTheHost(ProcessContainers.Kind kind) throws Exception {
        use(kind);
        startBeside();
        StartedSince since = StartedSince.now();
        Process marked = marked();
        ProcessTree.endMarked(MARKS, since);
        await().atMost(Duration.ofSeconds(30)).until(() -> !marked.isAlive());
        assertThat(beside.isAlive()).isTrue();
    }

    /** Also one that is not yet where it is kept. */
    @ParameterizedTest
    @EnumSource(ProcessContainers.Kind.class)
    void aProcessThatIsEndedAsItStartsIsGone(ProcessContainers.Kind kind) throws Exception {
        use(kind);
        for (int i = 0; i < 30; i++) {
            StartedSince since = StartedSince.now();
            Process marked = marked();
            ProcessTree.endMarked(MARKS, since);
            await().atMost(Duration.ofSeconds(30)).until(() -> !marked.isAlive());
        }
    }

    @Test
    void aSubreaperThatWasKilledIsMadeUpForByTheMarks() throws Exception {
        use(ProcessContainers.Kind.SUBREAPER);
        startBeside();
        Process marked = marked();
        ProcessHandle keeper = marked.children().findFirst().orElseThrow();
        ProcessHandle program = keeper.children().findFirst().orElseThrow();
        keeper.destroyForcibly();
        await().atMost(Duration.ofSeconds(30)).until(() -> !marked.isAlive());
        assertThat(ProcessTree.runs(program)).isTrue();
        ProcessTree.endMarked(MARKS);
        assertThat(ProcessTree.runs(program)).isFalse();
        await().atMost(Duration.ofSeconds(30)).until(() -> !beside.isAlive());
    }

    @ParameterizedTest
    @EnumSource(ProcessContainers.Kind.class)
    void aProgramThatCannotBeStartedIsToldWithItsName(ProcessContainers.Kind kind) {
        use(kind);
        assertThatThrownBy(() -> ProcessSpec.of(List.of("/no/such/program"))
                        .marker("containers-test")
                        .start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Cannot start /no/such/program")
                .hasMessageContaining("No such file or directory");
    }
}
