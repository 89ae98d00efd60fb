package io.jenkins.plugins.distributedtest.zuul;

import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import io.jenkins.plugins.distributedtest.gearman.GearmanWorker;
import io.jenkins.plugins.distributedtest.gearman.WorkerStatus;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.gearman.common.GearmanPacketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An executor, a server, and a client that asks as Zuul does, with a backend whose jobs the test ends. */
abstract class ZuulExecutorFixture {
    private static final GearmanWorker.Timing QUICK =
            new GearmanWorker.Timing(Duration.ofMillis(100), Duration.ofSeconds(5));

    @TempDir
    Path directory;

    final int port = FreePorts.next();
    final List<AutoCloseable> open = new ArrayList<>();
    final Jobs jobs = new Jobs();
    AutoCloseable server;
    GearmanTestClient zuul;

    /** Keeps the jobs it begins and lets the test report for them. */
    static final class Jobs implements ZuulBackend {
        final List<Begun> begun = new CopyOnWriteArrayList<>();

        static final class Begun implements Execution {
            ZuulRequest request;
            ZuulReporter reporter;
            boolean endsWhenStopped = true;
            final List<String> stops = new CopyOnWriteArrayList<>();
            final List<String> descriptions = new CopyOnWriteArrayList<>();

            @Override
            public void stop(String reason) {
                stops.add(reason);
                if (endsWhenStopped) {
                    reporter.finished("ABORTED");
                }
            }

            @Override
            public void describe(String html) {
                descriptions.add(html);
            }
        }

        @Override
        public Execution begin(ZuulRequest request, ZuulReporter reporter) {
            if (request.job().equals("cannot-begin")) {
                throw new IllegalStateException("as planned");
            }
            if (request.job().equals("cannot-even-load")) {
                throw new NoClassDefFoundError("as planned");
            }
            Begun job = new Begun();
            job.request = request;
            job.reporter = reporter;
            begun.add(job);
            return job;
        }
    }

    abstract AutoCloseable startServer(int onPort) throws Exception;

    @BeforeEach
    void startServer() throws Exception {
        server = startServer(port);
        zuul = new GearmanTestClient(port);
        open.add(zuul);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        server.close();
    }

    Jobs.Begun onlyJob() {
        await().until(() -> jobs.begun.size() == 1);
        return jobs.begun.get(0);
    }

    Jobs.Begun job(String unique) {
        return jobs.begun.stream()
                .filter(job -> job.request.unique().equals(unique))
                .findFirst()
                .orElseThrow();
    }

    Submitted build(String job, String unique) throws Exception {
        return zuul.submit("build:" + job, unique, "{\"ZUUL_UUID\":\"" + unique + "\"}");
    }

    Submitted stop(ZuulExecutor executor, String name, String number) throws Exception {
        return zuul.submit(
                GearmanPacketType.SUBMIT_JOB_HIGH,
                "stop:" + executor.identity().manager(),
                "stop-" + number,
                "{\"name\":\"" + name + "\",\"number\":\"" + number + "\"}");
    }

    ZuulExecutor executor(ZuulBackend backend, int capacity, String... names) {
        return executor(backend, new CapacityAdmission(capacity), names);
    }

    ZuulExecutor executor(ZuulBackend backend, Admission admission, String... names) {
        return executorOf(List.of(port), backend, admission, names);
    }

    ZuulExecutor executorOf(List<Integer> ports, ZuulBackend backend, Admission admission, String... names) {
        ZuulExecutor executor = new ZuulExecutor(
                ports.stream().map(p -> GearmanServer.plain("127.0.0.1", p)).toList(),
                ExecutorIdentity.ofThisProcess("distributed-test", "test"),
                backend,
                admission,
                QUICK,
                new SimpleMeterRegistry());
        open.add(executor);
        executor.setJobs(List.of(names));
        executor.start();
        List<String> functions = Stream.of(names).map(name -> "build:" + name).toList();
        await().until(() -> executor.status().stream().allMatch(WorkerStatus::isConnected)
                && zuul.functions().containsAll(functions));
        return executor;
    }
}
