package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.suite.FileGroups;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.sync.Sync;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Makes runs with short times and takes everything down again. */
final class Bench implements AutoCloseable {
    final EventLoop loop = new EventLoop("test-loop");
    final List<AutoCloseable> parts = new ArrayList<>();
    String cluster = "test-" + UUID.randomUUID();
    RunSettings.Dialect dialect = RunSettings.Dialect.NATIVE;
    Duration listenerTimeout = Duration.ofSeconds(20);
    Duration fileTimeout = Duration.ofSeconds(60);
    Duration silence = Duration.ofSeconds(2);
    Duration runTimeout = Duration.ofSeconds(120);
    int failFast;
    int retries;
    FileGroups groups = FileGroups.NONE;

    /** A run and what it told. */
    record Observed(DistributedRun run, List<RunEvent> events, TestOffer offer) {
        RunReport report() throws Exception {
            return run.result().get(120, TimeUnit.SECONDS);
        }

        <E extends RunEvent> List<E> events(Class<E> type) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    static List<TestFile> files(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new TestFile("test/f" + i + "_test.rb"))
                .toList();
    }

    RunSettings settings() {
        Sync sync = new Sync.None(List.of());
        return new RunSettings(
                "project",
                cluster,
                dialect,
                fileTimeout,
                runTimeout,
                listenerTimeout,
                Duration.ofMillis(200),
                silence,
                null,
                failFast,
                retries,
                100,
                false,
                Map.of(),
                null,
                sync,
                CallbackSpec.NONE,
                RunnerSettings.DEFAULT,
                false,
                CollectSettings.NONE,
                Quarantine.NONE,
                groups);
    }

    Observed run(BrokerAddress address, List<TestFile> files) {
        return run(address, files, new TestOffer());
    }

    Observed run(BrokerAddress address, List<TestFile> files, TestOffer offer) {
        List<RunEvent> events = new CopyOnWriteArrayList<>();
        RunBase base = RunBase.of(loop, address, task -> new Thread(task, "test-prepare").start());
        DistributedRun run = DistributedRun.create(
                base, RunRequest.of(settings(), files), UUID.randomUUID().toString(), offer, events::add);
        parts.add(() -> run.cancel("the test is over"));
        run.start();
        return new Observed(run, events, offer);
    }

    FakeListener listener(BrokerAddress address, String id, int slots, FakeListener.Behaviour behaviour) {
        FakeListener listener = new FakeListener(address, cluster, id, slots, behaviour);
        parts.add(listener);
        return listener;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable part : parts) {
            part.close();
        }
        loop.close();
    }
}
