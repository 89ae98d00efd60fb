package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.GearmanQueue;
import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import io.micrometer.core.instrument.Meter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the operator of an executor sees of it in the long run, whichever of the two servers is there. */
abstract class StandaloneOperationContract extends StandaloneFixture {
    private static final String JOBS =
            "jobs: [{name: unit, shell_script: 'true'}, {name: bad, shell_script: 'exit 1 #'}]";

    @Test
    void aSuccessorHasTheNameOfItsPredecessorAndNobodyElseHas() throws Exception {
        Set<String> managers = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            Standalone executor = executor("one", JOBS);
            managers.add(executor.executor.identity().manager());
            executor.close();
        }
        assertThat(managers).as("names that the server will never forget").hasSize(1);

        Standalone first = executor("one", JOBS);
        Standalone second = executor("one", JOBS);
        Standalone elsewhere = executor("two", JOBS);
        assertThat(managers).contains(first.executor.identity().manager());
        managers.add(second.executor.identity().manager());
        managers.add(elsewhere.executor.identity().manager());
        assertThat(managers).as("each has a name of its own").hasSize(3);
        first.close();
        second.close();

        Path kept = first.settings.directories().kept().resolve("managers");
        Path clone = Files.createDirectories(directory.resolve("clone/work/kept/managers"));
        try (Stream<Path> all = Files.list(kept)) {
            for (Path file : all.toList()) {
                Files.copy(file, clone.resolve(file.getFileName()));
            }
        }
        managers.add(executor("clone", JOBS).executor.identity().manager());
        assertThat(managers).as("a copy of the directory is somebody else").hasSize(4);
    }

    @Test
    void metricsHaveResultsAndDurationsAndNoLabelThatChangesWithEachStart() throws Exception {
        Standalone executor = executor("one", JOBS);
        awaitResult(zuul.build("unit", git.change("a")), "SUCCESS");
        awaitResult(zuul.build("bad", git.change("b")), "Return code from test script was non-zero (1)");
        for (Map.Entry<String, String> each :
                Map.of("unit", "success", "bad", "failure").entrySet()) {
            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .until(() -> executor.meters
                                    .get("distributed_test.gearman.jobs.ended")
                                    .tag("job", each.getKey())
                                    .tag("result", each.getValue())
                                    .timer()
                                    .count()
                            == 1);
        }
        List<Meter> all = executor.meters.getMeters();
        assertThat(all)
                .flatMap(meter -> meter.getId().getTags())
                .noneMatch(tag ->
                        tag.getValue().contains(executor.executor.identity().manager()));
        assertThat(executor.meters.find("distributed_test.gearman.connected").gauges())
                .as("no connection is shown that is not wanted")
                .hasSize(2)
                .allMatch(gauge -> gauge.value() == 1);
    }

    @Test
    void mirrorsArePackedAndThoseThatNobodyNeedsAreRemoved() throws Exception {
        Standalone executor =
                executor("one", "sources: {protocols: [file], pause: 50ms, retries: 0, keep_mirrors: 10d}", JOBS);
        GitServer.git(git.copy(), "checkout", "-q", "master");
        for (int i = 0; i < 240; i++) {
            Files.writeString(git.copy().resolve("file" + i), "content " + i);
            if (i % 80 == 79) {
                GitServer.git(git.copy(), "add", ".");
                awaitResult(zuul.build("unit", git.change("many files")), "SUCCESS");
            }
        }
        Path mirrors = executor.settings.directories().mirrors();
        Path used = executor.runner.sources().mirrorOf(GitServer.PROJECT);
        Path bogus = Files.createDirectories(mirrors.resolve("bogus"));
        Path unused = Files.createDirectories(mirrors.resolve("unused"));
        for (Path each : List.of(bogus, unused)) {
            GitServer.git(each, "init", "-q", "--bare", ".");
            Path lock = Files.createFile(each.resolve("distributed-test.lock"));
            Duration age = each.equals(bogus) ? Duration.ofHours(2) : Duration.ofDays(11);
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(age)));
        }
        Files.writeString(unused.resolve("packed-refs"), "");
        assertThat(packs(used)).isZero();

        await().atMost(LIMIT).until(() -> executor.jobDirectories().isEmpty());
        await().atMost(LIMIT).until(() -> {
            executor.runner.loop().execute(executor.runner::careForMirrors);
            return Files.notExists(bogus) && Files.notExists(unused);
        });
        await().atMost(LIMIT).until(() -> packs(used) > 0);
        awaitResult(zuul.build("unit", git.change("another")), "SUCCESS");
    }

    @Test
    void mirrorsThatTakeMoreThanTheyMayGoTheLongestUnusedFirst() throws Exception {
        Standalone executor =
                executor("one", "sources: {protocols: [file], pause: 50ms, retries: 0, max_mirrors: 3 MB}", JOBS);
        awaitResult(zuul.build("unit", git.change("a")), "SUCCESS");
        Path mirrors = executor.settings.directories().mirrors();
        Path used = executor.runner.sources().mirrorOf(GitServer.PROJECT);
        Path older = mirrorOf2Megabytes(mirrors.resolve("older"), Duration.ofHours(3));
        Path later = mirrorOf2Megabytes(mirrors.resolve("later"), Duration.ofHours(2));
        await().atMost(LIMIT).until(() -> executor.jobDirectories().isEmpty());
        await().atMost(LIMIT).until(() -> {
            executor.runner.loop().execute(executor.runner::careForMirrors);
            return Files.notExists(older);
        });
        assertThat(later).exists();
        assertThat(used).exists();
    }

    private static Path mirrorOf2Megabytes(Path mirror, Duration unused) throws Exception {
        GitServer.git(Files.createDirectories(mirror), "init", "-q", "--bare", ".");
        Files.writeString(mirror.resolve("packed-refs"), "");
        Files.write(mirror.resolve("objects/pack/pack-1.pack"), new byte[2_000_000]);
        Path lock = Files.createFile(mirror.resolve("distributed-test.lock"));
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(unused)));
        return mirror;
    }

    @Test
    void tellsHowManyJobsWaitForIt() throws Exception {
        Path gate = directory.resolve("gate");
        executor(
                "one",
                "jobs: [{name: slow, sources: false, shell_script: 'while [ ! -e " + gate
                        + " ]; do sleep 0.1; done #'}, {name: other, shell_script: 'true'}]");
        try (GearmanQueue queue =
                new GearmanQueue(GearmanServer.plain("127.0.0.1", port), () -> Set.of("build:slow"))) {
            await().atMost(LIMIT).until(() -> Integer.valueOf(0).equals(queue.waiting()));
            List<Build> builds = List.of(
                    zuul.build("slow", git.change("a")),
                    zuul.build("slow", git.change("b")),
                    zuul.build("slow", git.change("c")));
            await().atMost(LIMIT).until(() -> Integer.valueOf(2).equals(queue.waiting()));
            Files.createFile(gate);
            for (Build each : builds) {
                awaitResult(each, "SUCCESS");
            }
            await().atMost(LIMIT).until(() -> Integer.valueOf(0).equals(queue.waiting()));
            server.close();
            await().atMost(LIMIT).until(() -> queue.waiting() == null);
        }
    }

    @Test
    void theBookOfJobsHasWhatRunsAndWhatHasEnded() throws Exception {
        Path gate = directory.resolve("gate");
        Standalone executor = executor(
                "one",
                "capacity: 2",
                "jobs:",
                "- {name: slow, shell_script: 'while [ ! -e " + gate + " ]; do sleep 0.1; done #'}",
                "- {name: bad, shell_script: 'exit 1 #'}");
        Map<String, String> change = git.change("a");
        Build slow = zuul.build("slow", change);
        awaitResult(zuul.build("bad", git.change("b")), "Return code from test script was non-zero (1)");
        JobBook book = executor.runner.book();
        await().atMost(LIMIT)
                .until(() -> book.running().size() == 1
                        && book.running().get(0).step().equals("3/5"));
        assertThat(book.running().get(0).subject().project()).isEqualTo(GitServer.PROJECT);
        assertThat(book.running().get(0).url()).startsWith(Standalone.URL + change.get("LOG_PATH"));
        assertThat(book.ended()).hasSize(1);
        assertThat(book.ended().get(0).result()).isEqualTo("Return code from test script was non-zero (1)");
        Files.createFile(gate);
        awaitResult(slow, "SUCCESS");
        await().atMost(LIMIT).until(() -> book.running().isEmpty());
        assertThat(book.ended()).extracting(each -> each.subject().job()).containsExactly("slow", "bad");
    }

    private static int packs(Path mirror) {
        String[] names = mirror.resolve("objects/pack").toFile().list();
        return names == null ? 0 : names.length;
    }
}
