package io.jenkins.plugins.distributedtest.listener;

import static io.jenkins.plugins.distributedtest.listener.ListenerFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspaceTest {
    private static final String LONG =
            "a-directory-with-a-long-name/that-goes-on/and-on-and-on/until-no-room-is-left/work";

    @TempDir
    Path work;

    private Workspace create(boolean keep) throws IOException {
        return Workspace.create(work, "my project", "listener", "run", keep);
    }

    @Test
    void isUniqueAndForItsOwnerOnly() throws IOException {
        try (Workspace one = create(false);
                Workspace two = create(false)) {
            assertThat(one.directory()).isNotEqualTo(two.directory());
            assertThat(one.environment()).isNotEqualTo(two.environment());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one.directory())))
                    .isEqualTo("rwx------");
            assertThat(one.tree()).isDirectory().isEmptyDirectory();
        }
        assertThat(work.resolve("workspaces")).isEmptyDirectory();
    }

    @Test
    void liesAtTheSamePathFromRunToRun() throws IOException {
        Path first;
        try (Workspace one = create(false);
                Workspace two = create(false)) {
            first = one.tree();
            assertThat(first.toString()).endsWith("/my-project-1/tree");
            assertThat(two.tree().toString()).endsWith("/my-project-2/tree");
        }
        try (Workspace again = create(false)) {
            assertThat(again.tree()).isEqualTo(first);
        }
        assertThat(Workspace.sweep(work)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {".cache/distributed-test", "repo/work", "link/work", LONG})
    void liesElsewhereWhenTheWorkDirectoryIsNoPlaceForTests(String place) throws IOException {
        Files.createDirectories(work.resolve("repo"));
        Files.writeString(work.resolve("repo/package.json"), "{}");
        Files.createSymbolicLink(work.resolve("link"), work.resolve("repo"));
        Path unfit = work.resolve(place);
        Path where;
        try (Workspace workspace = Workspace.create(unfit, "p", "listener", "run", false)) {
            where = workspace.directory().getParent();
            assertThat(where.startsWith(work.toRealPath())).isFalse();
            assertThat(where.toString()).doesNotContain("/.");
            assertThat(where.toRealPath()).isEqualTo(where);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(where)))
                    .isEqualTo("rwx------");
        }
        try (Workspace again = Workspace.create(unfit, "p", "listener", "run", false)) {
            assertThat(again.directory().getParent()).isEqualTo(where);
        }
        assertThat(where).isEmptyDirectory();
        Files.delete(where);
    }

    @Test
    void deletingNeverFollowsLinksAndCopesWithWhatCannotBeWritten() throws IOException {
        Path outside = Files.createDirectory(work.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "x");
        Workspace workspace = create(false);
        Files.createSymbolicLink(workspace.tree().resolve("link"), outside);
        Path closed = Files.createDirectories(workspace.tree().resolve("closed/deeper"));
        Files.writeString(closed.resolve("file"), "x");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r--r--r--"));
        Files.setPosixFilePermissions(closed.getParent(), PosixFilePermissions.fromString("---------"));

        workspace.close();

        assertThat(workspace.directory()).doesNotExist();
        assertThat(outside.resolve("precious")).hasContent("x");
        assertThat(work.resolve("workspaces")).isEmptyDirectory();
    }

    @Test
    void aKeptOneStaysAlsoWhenSwept() throws IOException {
        Workspace workspace = create(true);
        Files.writeString(workspace.tree().resolve("file"), "x");
        workspace.close();
        assertThat(Workspace.sweep(work)).isZero();
        assertThat(workspace.tree().resolve("file")).hasContent("x");
    }

    @Test
    void sweepingLeavesTheLivingAlone() throws IOException {
        try (Workspace workspace = create(false)) {
            assertThat(Workspace.sweep(work)).isZero();
            assertThat(workspace.tree()).isDirectory();
        }
    }

    /** W11. */
    @Test
    void w11SweepingLeavesAlsoTheLivingOfAnotherProcessAloneAndClearsUpAfterADeadOne() throws Exception {
        Process other = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        work.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String[] told = other.inputReader().readLine().split(" ");
            Path directory = Path.of(told[0]);
            ProcessHandle orphan = ProcessHandle.of(Long.parseLong(told[1])).orElseThrow();
            assertThat(Workspace.sweep(work)).isZero();
            assertThat(directory).isDirectory();
            assertThat(orphan.isAlive()).isTrue();

            other.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
            assertThat(orphan.isAlive())
                    .as("killing the listener leaves it running")
                    .isTrue();

            assertThat(Workspace.sweep(work)).isEqualTo(1);
            assertThat(directory).doesNotExist();
            eventually("the orphan is gone", () -> !orphan.isAlive());
        } finally {
            other.destroyForcibly();
        }
    }

    /** Another listener's process: makes a workspace, starts something in it, and waits to be killed. */
    static final class Owner {
        private Owner() {}

        /** Prints the workspace and the process id of what it started. */
        public static void main(String[] args) throws Exception {
            Workspace workspace = Workspace.create(Path.of(args[0]), "my project", "other", "run", false);
            ProcessBuilder builder = new ProcessBuilder(List.of("sleep", "600"));
            builder.environment().putAll(workspace.environment());
            builder.redirectOutput(new File("/dev/null"));
            Process child = builder.start();
            System.out.println(workspace.directory() + " " + child.pid());
            System.in.read();
        }
    }

    @Test
    void closingKillsWhatStillRunsInIt() throws IOException {
        Workspace workspace = create(false);
        ProcessBuilder builder = new ProcessBuilder("sleep", "600");
        builder.environment().putAll(workspace.environment());
        Process child = builder.start();
        workspace.close();
        eventually("it is killed", () -> !child.isAlive());
    }
}
