package io.jenkins.plugins.distributedtest.listener;

import static io.jenkins.plugins.distributedtest.listener.ListenerFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.suite.Collected;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that tests leave on listeners come back: whole runs, with a broker, listeners and processes. */
@Timeout(180)
abstract class CollectedFilesContract {
    private static final long LIMIT = 64L << 20;

    @TempDir
    Path directory;

    WholeRun bench;

    abstract BrokerAddress address();

    /** Ends the broker the hard way and starts it again at the same port. */
    abstract void restartBroker() throws Exception;

    @BeforeEach
    void open() throws IOException {
        bench = new WholeRun(directory, address());
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(root::relativize)
                    .filter(path -> path.getNameCount() > 1)
                    .sorted()
                    .toList();
        }
    }

    /** Without the listener's part of their paths. */
    private static List<String> paths(Path root) throws IOException {
        return files(root).stream()
                .map(path -> path.subpath(1, path.getNameCount()).toString())
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void eachAttemptsFilesAndThoseOfTheEndComeBack() throws Exception {
        Path root = bench.collecting(LIMIT, "shots/**", "coverage/**");
        bench.retries = 1;
        bench.listener("one", 1);
        bench.file("coverage/of-the-project", "is no test's");
        bench.file(
                "t/flaky.sh",
                "mkdir -p shots; [ -e $OUT/was ] && { echo second > shots/a.png; exit 0; }; touch $OUT/was\n"
                        + "echo first > shots/a.png; exit 1");
        bench.file(
                "t/writes.sh",
                "mkdir -p coverage/deep; echo $0 > coverage/deep/.data; ln -s /etc/passwd coverage/link");

        RunReport report = bench.start("t/").result();

        assertThat(report.end()).as(report.problem()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.isGreen()).isTrue();
        Collected collected = report.collected();
        assertThat(collected.problems()).isEmpty();
        assertThat(collected.missing()).isEmpty();
        assertThat(paths(root))
                .contains("attempts/t/flaky.sh/1/shots/a.png", "attempts/t/writes.sh/1/coverage/deep/.data")
                .contains("end/shots/a.png", "end/coverage/deep/.data")
                .noneMatch(path -> path.contains("link") || path.contains("of-the-project"));
        assertThat(collected.files()).isEqualTo(files(root).size());
        Path of = root.resolve(files(root).get(0).getName(0));
        assertThat(of.resolve("attempts/t/flaky.sh/1/shots/a.png")).hasContent("first\n");
        assertThat(of.resolve("end/shots/a.png")).hasContent("second\n");
        // "first", "second" and the script's name: what comes twice counts once.
        assertThat(collected.bytes()).isEqualTo(6 + 7 + "t/writes.sh\n".length());
        assertThat(root.resolve(".content")).doesNotExist();
    }

    /** Many megabytes, of several listeners at a time, some of them the same, while results go on. */
    @Test
    void largeFilesOfSeveralListenersComeWhole() throws Exception {
        Path root = bench.collecting(LIMIT, "big/*");
        bench.listener("one", 2);
        bench.listener("two", 2);
        for (int i = 0; i < 8; i++) {
            bench.file(
                    "t/f" + i + ".sh",
                    "mkdir -p big; head -c 3000000 /dev/urandom > big/own" + i + "; cksum < big/own" + i + " > $OUT/sum"
                            + i + "\nyes same | head -c 5000000 > big/same" + i);
        }

        RunReport report = bench.start("t/").result();

        assertThat(report.collected().problems()).isEmpty();
        assertThat(report.collected().bytes()).isEqualTo(8 * 3_000_000 + 5_000_000);
        assertThat(paths(root)).contains("end/big/own0", "end/big/own7", "end/big/same0", "end/big/same7");
        for (Path file : files(root)) {
            String name = file.getFileName().toString();
            if (name.startsWith("own")) {
                Process sum = new ProcessBuilder("cksum")
                        .redirectInput(root.resolve(file).toFile())
                        .start();
                assertThat(new String(sum.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                        .isEqualTo(bench.lines("sum" + name.substring(3)).get(0) + "\n");
            } else {
                assertThat(root.resolve(file)).hasSize(5_000_000);
            }
        }
    }

    @Test
    void whatIsTooMuchIsNamedAndTheTestsResultsStay() throws Exception {
        Path root = bench.collecting(1000, "out/*");
        bench.listener("one", 1);
        bench.file("t/a.sh", "mkdir -p out; head -c 600 /dev/zero > out/a");
        bench.file("t/b.sh", "mkdir -p out; head -c 700 /dev/zero > out/b");

        RunReport report = bench.start("t/").result();

        assertThat(report.end()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.passed()).hasSize(2);
        assertThat(report.collected().problems())
                .singleElement()
                .asString()
                .contains("limit of 1,000 bytes", "out/b (700 bytes)", "max_collected");
        assertThat(paths(root)).contains("attempts/t/a.sh/1/out/a");
    }

    @Test
    void aListenerThatIsLostTakesOnlyItsOwnFiles() throws Exception {
        Path root = bench.collecting(LIMIT, "out/*");
        Listener one = bench.listener("one", 1);
        bench.file("t/a.sh", "mkdir -p out; echo a > out/a");
        bench.file(
                "t/b.sh",
                "mkdir -p out; echo b > out/b\n[ -e $OUT/first ] || { touch $OUT/first\n" + bench.gate("go") + "\n}");
        WholeRun.Started started = bench.start("t/");
        eventually("the second file has begun", () -> started.begun().contains("t/b.sh"));
        eventually("the first one's file is there", () -> paths(root).contains("attempts/t/a.sh/1/out/a"));
        bench.listener("two", 1);
        eventually("another is there", () -> started.run().snapshot().slots() == 2);
        one.close();

        RunReport report = started.result();

        assertThat(report.isGreen()).as(report.problem()).isTrue();
        assertThat(paths(root)).contains("attempts/t/a.sh/1/out/a", "end/out/b");
        assertThat(report.collected().problems()).isEmpty();
    }

    /** The connection goes while files come back; what had come goes on. */
    @Test
    void aBrokerThatIsStartedAgainLosesNothing() throws Exception {
        Path root = bench.collecting(LIMIT, "big/*");
        bench.listener("one", 1);
        for (int i = 0; i < 3; i++) {
            bench.file("t/f" + i + ".sh", "mkdir -p big; head -c 9000000 /dev/urandom > big/f" + i);
        }
        bench.file("t/last.sh", bench.gate("go"));
        WholeRun.Started started = bench.start("t/");
        eventually("the last file has begun", () -> started.begun().contains("t/last.sh"));
        restartBroker();
        bench.open("go");

        RunReport report = started.result();

        assertThat(report.end()).as(report.problem()).isEqualTo(RunEnd.COMPLETED);
        assertThat(report.collected().problems()).isEmpty();
        assertThat(report.collected().missing()).isEmpty();
        assertThat(paths(root)).contains("end/big/f0", "end/big/f1", "end/big/f2");
    }
}
