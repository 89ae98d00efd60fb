package io.jenkins.plugins.distributedtest.originator;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.suite.FileGroups;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a group, which run one at a time. */
@Timeout(180)
class RunGroupsTest {
    private static final WorkerId W1 = new WorkerId("one", "host1", 1);
    private static final FileGroups AB = new FileGroups(Map.of("ab", List.of("{a,b}*")));

    private final List<Effect.Publish> published = new ArrayList<>();

    private static RunRules rules(int retries) {
        return new RunRules(10, 5, 1000, 60, 5, 20, 30, 30, 600, 0, retries, 10, "broker B", Quarantine.NONE, AB);
    }

    private static RunState state(int retries, String... files) {
        return new RunState(
                rules(retries), Arrays.stream(files).map(TestFile::new).toList(), Map.of());
    }

    private void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Publish publish) {
                published.add(publish);
            }
        }
    }

    private List<String> published() {
        List<String> files = published.stream()
                .map(each -> each.job().file() + " " + each.job().lease() + (each.ahead() ? " ahead" : ""))
                .toList();
        published.clear();
        return files;
    }

    private void join(RunState state) {
        NativeMessage.Preparing here = new NativeMessage.Preparing(W1.listener(), W1.host(), "inbox", "1", 1);
        perform(state.natives().preparing(1, here));
        perform(state.natives().ready(1, W1.listener(), 0.5, true));
    }

    private void run(RunState state, String file, int lease, FileStatus status) {
        perform(state.start(2, W1, file, lease));
        perform(state.finish(3, W1, lease, result(file, status), 0));
    }

    private static FileResult result(String file, FileStatus status) {
        return FileResult.of(new TestFile(file), status, 1);
    }

    @Test
    void theNextFileOfAGroupIsGivenOutWhenTheOneBeforeItIsDone() {
        RunState state = state(1, "a1", "c", "b", "a2");
        perform(state.begin(0));
        assertThat(published()).containsExactly("a1 1 ahead", "c 1");
        assertThat(state.load().queued()).containsOnlyKeys("a1", "c");
        join(state);
        run(state, "a1", 1, FileStatus.FAILED);
        assertThat(published()).containsExactly("a1 2 ahead"); // it is tried again, and keeps its turn
        run(state, "a1", 2, FileStatus.FAILED);
        assertThat(published()).containsExactly("b 1 ahead");
        perform(state.start(4, W1, "b", 1));
        perform(state.gone(5, W1.listener(), "its machine is gone"));
        assertThat(published()).containsExactly("b 2 ahead");
        assertThat(state.load().queued()).containsOnlyKeys("b", "c");
    }

    @Test
    void afterALossOfTheConnectionAndARestartOfTheOriginatorTheTurnIsWhoseItWas() throws Exception {
        RunState state = state(0, "a1", "a2", "b");
        perform(state.begin(0));
        join(state);
        run(state, "a1", 1, FileStatus.PASSED);
        assertThat(published()).containsExactly("a1 1 ahead", "a2 1 ahead");
        perform(state.disconnected(4, "gone"));
        perform(state.reconnected(5, true));
        assertThat(published()).containsExactly("a2 2 ahead");

        RunState again =
                RunSnapshot.fromJson(RunSnapshot.of(state, "run", 0).toJson()).restore(rules(0), 6);
        perform(again.reconnected(7, false));
        assertThat(published()).containsExactly("a2 3 ahead");
        perform(again.start(8, W1, "a2", 3));
        RunState running = RunSnapshot.of(again, "run", 0).restore(rules(0), 9);
        perform(running.reconnected(10, false));
        assertThat(published()).isEmpty();
        perform(running.finish(11, W1, 3, result("a2", FileStatus.PASSED), 0));
        assertThat(published()).contains("b 1 ahead");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofAGroupOneFileRunsAtATimeAndNoneWaitsForTheWholeQueue(boolean rabbit) throws Exception {
        BrokerAddress address = rabbit
                ? RealRabbit.shared().address()
                : EmbeddedFixture.shared().address();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Bench bench = new Bench()) {
            bench.groups = new FileGroups(Map.of("ones", List.of("test/f1?_test.rb")));
            FakeListener listener = bench.listener(address, "one", 4, (job, worker) -> {
                        boolean one = job.file().matches("test/f1._test.rb");
                        if (one) {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        }
                        LockSupport.parkNanos(2_000_000); // what it does takes as long
                        if (one) {
                            inside.decrementAndGet();
                        }
                        return FakeListener.result(job, FileStatus.PASSED);
                    })
                    .start();
            RunReport report = bench.run(address, Bench.files(1000)).report();
            assertThat(report.passed()).hasSize(1000);
            assertThat(most).hasValue(1);
            // At the queue's end the second would have come after all others.
            assertThat(listener.ran.subList(0, 900).stream().filter(file -> file.matches("test/f1._test.rb")))
                    .hasSizeGreaterThan(1);
        }
    }
}
