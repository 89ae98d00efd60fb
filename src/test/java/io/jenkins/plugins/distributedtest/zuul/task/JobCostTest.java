package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.process.ProcessContainers;
import io.jenkins.plugins.distributedtest.zuul.ZuulReporter;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a job costs that does nothing: {@code -Dcost.jobs=2000 -Dcost.others=1000 -Dcost.directory=/dev/shm} measures it
 * beside so many other processes, and prints the processor time of a job and of the processes that it starts. As it is, it only shows that many jobs end well.
 */
class JobCostTest {
    private static final int JOBS = Integer.getInteger("cost.jobs", 40);
    private static final int OTHERS = Integer.getInteger("cost.others", 0);
    private static final int CAPACITY = 8;
    private static final double TICKS_PER_MS = 0.1;

    @TempDir
    Path temporary;

    private Path directory;
    private Process others;

    @BeforeEach
    void makeDirectory() throws IOException {
        String parent = System.getProperty("cost.directory");
        directory = parent == null ? temporary : Files.createTempDirectory(Path.of(parent), "cost");
    }

    @AfterEach
    void stop() throws IOException {
        if (others != null) {
            others.descendants().forEach(ProcessHandle::destroyForcibly);
            others.destroyForcibly();
        }
        ProcessContainers.use(ProcessContainers.Kind.MARKS, directory);
        DirectoryTree.delete(directory);
    }

    /** Processor time until now in milliseconds: of this process in its own code and in the kernel, and of its children. */
    private static double[] spent() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        double[] spent = new double[3];
        spent[0] = Long.parseLong(fields[11]) / TICKS_PER_MS;
        spent[1] = Long.parseLong(fields[12]) / TICKS_PER_MS;
        spent[2] = (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_MS;
        return spent;
    }

    private void startOthers() throws IOException {
        others = new ProcessBuilder(
                        "sh", "-c", "i=0; while [ $i -lt " + OTHERS + " ]; do sleep 10000 & i=$((i + 1)); done; wait")
                .start();
        await().atMost(Duration.ofMinutes(1)).until(() -> others.children().count() == OTHERS);
    }

    private static final class Results implements ZuulReporter {
        final Semaphore places = new Semaphore(CAPACITY);
        final AtomicInteger well = new AtomicInteger();

        @Override
        public void url(String url) {
            // nobody reads it
        }

        @Override
        public void node(String node, List<String> labels) {
            // nor that
        }

        @Override
        public void progress(long numerator, long denominator) {
            // nor that
        }

        @Override
        public void finished(String result) {
            if (result.equals("SUCCESS")) {
                well.incrementAndGet();
            }
            places.release();
        }

        @Override
        public void retry(String reason) {
            places.release();
        }
    }

    @ParameterizedTest
    @EnumSource(ProcessContainers.Kind.class)
    void jobsThatDoNothingEndWell(ProcessContainers.Kind kind) throws Exception {
        try {
            ProcessContainers.use(kind, directory);
        } catch (IOException e) {
            abort("This host has no " + kind.word() + ": " + e.getMessage());
        }
        startOthers();
        Path file = Files.writeString(directory.resolve("executor.yaml"), """
                gearman: {host: 127.0.0.1}
                capacity: %d
                work_directory: %s
                jobs: [{name: nothing, shell_script: 'true', sources: false}]
                publish: {kind: local, path: %s}
                """.formatted(
                        CAPACITY, directory.resolve("work"), directory.resolve("logs")));
        try (TaskBackend backend = new TaskBackend(Standalone.read(file), new SimpleMeterRegistry(), () -> {})) {
            run(backend, Math.min(JOBS, 400));
            double[] before = spent();
            long from = System.nanoTime();
            run(backend, JOBS);
            double seconds = (System.nanoTime() - from) / 1e9;
            double[] after = spent();
            System.out.printf(
                    "%s, %d other processes: %.1f jobs/s, ms per job: %.1f own code, %.1f kernel, %.1f children%n",
                    kind.word(),
                    OTHERS,
                    JOBS / seconds,
                    (after[0] - before[0]) / JOBS,
                    (after[1] - before[1]) / JOBS,
                    (after[2] - before[2]) / JOBS);
        }
    }

    private static void run(TaskBackend backend, int jobs) throws InterruptedException {
        Results results = new Results();
        for (int i = 0; i < jobs; i++) {
            results.places.acquire();
            Map<String, String> parameters = Map.of("LOG_PATH", "12/3412/1/check/nothing/" + i, "ZUUL_PROJECT", "a/b");
            backend.begin(new ZuulRequest("nothing", null, "u" + i, parameters), results);
        }
        results.places.acquire(CAPACITY);
        assertThat(results.well).hasValue(jobs);
    }
}
