package io.jenkins.plugins.distributedtest.gearman;

import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server, workers that a test makes for it, and clients. */
abstract class GearmanWorkerFixture {
    private static final GearmanWorker.Timing QUICK =
            new GearmanWorker.Timing(Duration.ofMillis(100), Duration.ofSeconds(2));

    @TempDir
    Path directory;

    final int port = FreePorts.next();
    final EventLoop loop = new EventLoop("gearman-test");
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final List<AutoCloseable> open = new ArrayList<>();
    AutoCloseable server;

    /** Keeps jobs and lets the test end them. */
    static class Keeper implements JobHandler {
        final List<GearmanJob> assigned = new CopyOnWriteArrayList<>();
        final List<String> lost = new CopyOnWriteArrayList<>();

        @Override
        public void assigned(GearmanJob job) {
            assigned.add(job);
        }

        @Override
        public void lost(GearmanJob job, String reason) {
            lost.add(job.unique() + ": " + reason);
        }
    }

    /** Ends each job at once with its own payload. */
    static class Echo extends Keeper {
        @Override
        public void assigned(GearmanJob job) {
            super.assigned(job);
            job.complete(job.payload());
        }
    }

    abstract AutoCloseable startServer(int onPort) throws Exception;

    @BeforeEach
    void startServer() throws Exception {
        server = startServer(port);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        server.close();
        loop.close();
    }

    GearmanJob only(Keeper keeper) {
        await().until(() -> keeper.assigned.size() == 1);
        return keeper.assigned.get(0);
    }

    GearmanWorker worker(JobHandler handler, int capacity, String... functions) {
        return workerOf(port, handler, capacity, functions);
    }

    GearmanWorker workerOf(int serverPort, JobHandler handler, int capacity, String... functions) {
        GearmanWorker worker = new GearmanWorker(
                GearmanServer.plain("127.0.0.1", serverPort),
                new GearmanWorker.ClientId("test", "jobs"),
                loop,
                handler,
                QUICK,
                meters);
        open.add(worker);
        worker.setFunctions(List.of(functions));
        worker.setCapacity(capacity);
        worker.start();
        await().until(() -> worker.status().functions() == functions.length
                && worker.status().connectedSince() != null);
        return worker;
    }

    GearmanTestClient client() throws IOException {
        GearmanTestClient client = new GearmanTestClient(port);
        open.add(client);
        return client;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
