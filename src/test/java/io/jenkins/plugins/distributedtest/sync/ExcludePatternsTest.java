package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExcludePatternsTest {
    @ParameterizedTest
    @CsvSource({
        "log, log, true",
        "log, a/log, true",
        "log, catalog, false",
        "/log, log, true",
        "/log, a/log, false",
        "*.tmp, a/b.tmp, true",
        "*.tmp, a.tmp/b, false",
        "doc/api, x/doc/api, true",
        "doc/api, xdoc/api, false",
        "/a/*/c, a/b/c, true",
        "/a/*/c, a/b/d/c, false",
        "/a/**/c, a/b/d/c, true",
        "**/x, x, true",
        "**/x, a/x, true",
        "a**z, q/a/b/z, true",
        "?, a, true",
        "?, ab, false",
        "a/?, a/b, true",
        ".git, sub/.git, true",
    })
    void matchesAsRsyncDoes(String pattern, String path, boolean excluded) throws SyncException {
        assertThat(ExcludePatterns.of(List.of(pattern)).excludes(path, false)).isEqualTo(excluded);
    }

    @Test
    void aTrailingSlashMatchesDirectoriesOnly() throws SyncException {
        ExcludePatterns patterns = ExcludePatterns.of(List.of("build/"));
        assertThat(patterns.excludes("a/build", true)).isTrue();
        assertThat(patterns.excludes("a/build", false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a[b]", "a\\b", "dir/***", "+ keep", "- drop", "!", "a//b", "new\nline"})
    void refusesWhatRsyncWouldReadDifferently(String pattern) {
        assertThatThrownBy(() -> ExcludePatterns.of(List.of(pattern)))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.kind()).isEqualTo(SyncException.Kind.REFUSED));
    }

    @Test
    @Timeout(30)
    void noPatternStallsIt() throws SyncException {
        ExcludePatterns patterns = ExcludePatterns.of(List.of("a*".repeat(400) + "b", "**a".repeat(300) + "/z"));
        assertThat(patterns.excludes("a".repeat(4000), false)).isFalse();
    }

    static IntStream seeds() {
        return IntStream.range(0, 25);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void leavesOutExactlyWhatRsyncLeavesOut(int seed, @TempDir Path directory) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/rsync")), "rsync is not installed");
        Random random = new Random(seed);
        Path tree = Files.createDirectory(directory.resolve("tree"));
        for (int i = 0; i < 60; i++) {
            plant(tree, path(random));
        }
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            patterns.add(pattern(random));
        }
        ExcludePatterns exclude = ExcludePatterns.of(patterns);
        List<String> command = new ArrayList<>(List.of("rsync", "-a"));
        exclude.patterns().forEach(pattern -> command.add("--exclude=" + pattern));
        command.addAll(List.of("--", tree + "/", directory.resolve("copy") + "/"));
        assertThat(Commands.run(ProcessSpec.of(command), Duration.ofSeconds(60)).ok())
                .isTrue();

        Manifest ours = TreeDigest.scan(tree, exclude, null);
        Manifest theirs = TreeDigest.scan(directory.resolve("copy"), ExcludePatterns.nothing(), null);

        assertThat(ours.differences(theirs, 10)).as("with %s", patterns).isEmpty();
        assertThat(ours.digest()).isEqualTo(theirs.digest());
    }

    private static void plant(Path tree, String path) throws IOException {
        try {
            Trees.write(tree, path, path);
        } catch (IOException e) {
            assertThat(Files.exists(tree)).isTrue(); // a file is where a directory would be: leave it
        }
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder(name(random));
        for (int depth = random.nextInt(4); depth > 0; depth--) {
            path.append('/').append(name(random));
        }
        return path.toString();
    }

    private static String name(Random random) {
        return List.of("a", "b", "ab", "a.b", "ba", "log", "x.log", ".git").get(random.nextInt(8));
    }

    private static String pattern(Random random) {
        StringBuilder pattern = new StringBuilder(random.nextInt(3) == 0 ? "/" : "");
        int parts = 1 + random.nextInt(3);
        for (int i = 0; i < parts; i++) {
            pattern.append(i > 0 ? "/" : "")
                    .append(List.of("a", "b", "*", "a*", "*b", "?", "**", "a**", "**b", "x.log", "?b", "a?b")
                            .get(random.nextInt(12)));
        }
        return pattern.append(random.nextInt(4) == 0 ? "/" : "").toString();
    }
}
