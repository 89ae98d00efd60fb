package io.jenkins.plugins.distributedtest.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.files.Glob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GatheringTest {
    @TempDir
    Path directory;

    private Path tree = Path.of("");
    private Gathering.Spool spool = new Gathering.Spool(tree, 0);

    private Gathering gathering(long maxBytes, String... globs) throws Exception {
        tree = Files.createDirectories(directory.resolve("tree"));
        spool = new Gathering.Spool(directory.resolve("spool"), maxBytes);
        return new Gathering(tree, Stream.of(globs).map(Glob::parse).toList(), spool);
    }

    private void write(String path, String text) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static List<String> paths(List<CollectedFile> files) {
        return files.stream().map(CollectedFile::path).toList();
    }

    @Test
    void whatIsNewOrChangedIsFoundAndNothingElse() throws Exception {
        Gathering gathering = gathering(1000, "coverage/**", "shots/*.png");
        write("coverage/kept.txt", "of the project");
        write("coverage/touched.txt", "before");
        gathering.baseline();
        write("coverage/touched.txt", "after that");
        write("coverage/deep/er/.resultset.json", "{}");
        write("shots/a.png", "a");
        write("shots/a.txt", "no picture");
        write("src/coverage/other.txt", "elsewhere");

        assertThat(paths(gathering.since(false))).containsExactly("coverage/deep/er/.resultset.json", "shots/a.png");
        assertThat(paths(gathering.since(true))).containsExactly("coverage/touched.txt");
        write("shots/a.png", "another");
        assertThat(paths(gathering.since(false))).isEmpty();
        assertThat(paths(gathering.since(true))).containsExactly("shots/a.png");
        assertThat(paths(gathering.since(true))).isEmpty();
        assertThat(paths(gathering.all()))
                .containsExactly("coverage/deep/er/.resultset.json", "coverage/touched.txt", "shots/a.png");
    }

    @Test
    void whatWasCopiedStaysAsItWasToldWhateverTestsDoToTheirFile() throws Exception {
        Gathering gathering = gathering(1000, "**");
        write("a", "first");
        CollectedFile first = gathering.all().get(0);
        write("a", "second");

        assertThat(spool.path(first.digest())).hasContent("first");
        assertThat(first.size()).isEqualTo(5);
    }

    @Test
    void neitherLinksNorPipesNorGitAreTouched() throws Exception {
        Gathering gathering = gathering(1000, "**");
        Path secret = Files.writeString(directory.resolve("secret"), "of the host");
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.writeString(outside.resolve("x"), "x");
        write("real", "real");
        Files.createSymbolicLink(tree.resolve("link"), secret);
        Files.createSymbolicLink(tree.resolve("directory"), outside);
        write(".git/config", "[core]");
        assumeTrue(
                new ProcessBuilder("mkfifo", tree.resolve("pipe").toString())
                                .start()
                                .waitFor()
                        == 0,
                "no mkfifo");

        assertThat(paths(gathering.all())).containsExactly("real");
    }

    @Test
    void noLinkIsFollowedOnTheWayToWhatAGlobNames() throws Exception {
        Gathering gathering = gathering(1000, "coverage/**");
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.writeString(outside.resolve("x"), "x");
        Files.createSymbolicLink(tree.resolve("coverage"), outside);

        assertThat(gathering.all()).isEmpty();
    }

    @Test
    void whatIsTooLargeIsNamedWithTheLimitAndTheWayOut() throws Exception {
        Gathering gathering = gathering(10, "**");
        write("a", "12345678");
        gathering.since(false);
        write("sub/b", "abcdefgh");

        assertThatThrownBy(() -> gathering.since(false))
                .isInstanceOf(CollectException.class)
                .hasMessageContaining("limit of 10 bytes")
                .hasMessageContaining("sub/b (8 bytes)")
                .hasMessageContaining("max_collected");
    }

    /** What has the same content costs nothing again, however large it is. */
    @Test
    void equalFilesCountOnce() throws Exception {
        Gathering gathering = gathering(10, "**");
        write("a", "12345678");
        gathering.since(false);
        write("b", "12345678");

        assertThat(paths(gathering.all())).containsExactly("a", "b");
    }

    /** A test that writes, renames and removes its files all the time. */
    @Test
    void filesThatVanishMeanwhileAreNoError() throws Exception {
        Gathering gathering = gathering(10_000_000, "busy/**");
        write("busy/0", "x");
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 0; !stop.get(); i++) {
                try {
                    Path file = tree.resolve("busy/" + i % 50);
                    Files.writeString(file, "text " + i);
                    Files.deleteIfExists(tree.resolve("busy/" + (i + 25) % 50));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        });
        writer.start();
        try {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
            while (System.nanoTime() < until) {
                for (CollectedFile file : gathering.since(true)) {
                    assertThat(spool.path(file.digest())).hasSize(file.size());
                }
            }
        } finally {
            stop.set(true);
            writer.join();
        }
    }
}
