package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.jenkins.zuul.FunctionTable.Target;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.zuul.ZuulReporter;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ZuulBuildTest {
    private final EventLoop loop = new EventLoop("zuul-build-test");
    private final Reports reports = new Reports();
    private final Jenkins jenkins = new Jenkins();
    private final Build running = new Build();

    private static final class Reports implements ZuulReporter {
        final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public void url(String url) {
            told.add("url " + url);
        }

        @Override
        public void node(String node, List<String> labels) {
            told.add("node " + node + " " + labels);
        }

        @Override
        public void progress(long numerator, long denominator) {
            told.add(numerator + "/" + denominator);
        }

        @Override
        public void finished(String result) {
            told.add("finished " + result);
        }

        @Override
        public void retry(String reason) {
            told.add("retry " + reason);
        }
    }

    private static final class Jenkins implements BuildPort, BuildPort.Queued {
        volatile Throwable refusal;
        volatile boolean inQueue = true;
        volatile boolean lost;
        volatile int cancels;

        @Override
        public Queued schedule(ZuulBuild build) throws RefusedException {
            if (refusal instanceof RefusedException refused) {
                throw refused;
            }
            if (refusal instanceof Error error) {
                throw error;
            }
            return this;
        }

        @Override
        public boolean cancel() {
            cancels++;
            return inQueue;
        }

        @Override
        public boolean isLost() {
            return lost;
        }
    }

    private static final class Build implements BuildPort.Running {
        final List<String> stops = new CopyOnWriteArrayList<>();
        final List<String> descriptions = new CopyOnWriteArrayList<>();

        @Override
        public String url() {
            return "http://jenkins/1";
        }

        @Override
        public String node() {
            return "n1";
        }

        @Override
        public List<String> labels() {
            return List.of("x");
        }

        @Override
        public long estimatedMillis() {
            return 5000;
        }

        @Override
        public void stop(int harder, String reason) {
            stops.add(harder + " " + reason);
        }

        @Override
        public void describe(String html) {
            descriptions.add(html);
        }
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private ZuulBuild build(Duration start) {
        JenkinsJob job = new JenkinsJob("app", "", Set.of(), false, false);
        BuildOrder order = new BuildOrder(
                "t1",
                new Target(job, null),
                new ZuulRequest("app", null, "u1", Map.of()),
                reports,
                new BuildOrder.Limits(start, Duration.ofMillis(50)));
        return new ZuulBuild(order, loop, jenkins, changed -> {});
    }

    private ZuulBuild begun() {
        ZuulBuild build = build(Duration.ZERO);
        build.begin();
        await().until(() -> build.state() == BuildState.WAITING);
        return build;
    }

    private void awaitTold(String... all) {
        await().untilAsserted(() -> assertThat(reports.told).containsExactly(all));
    }

    @Test
    void tellsOfEachStep() {
        ZuulBuild build = begun();
        build.left(false);
        build.started(running);
        build.ended("UNSTABLE");
        awaitTold("url http://jenkins/1", "node n1 [x]", "0/5000", "finished UNSTABLE");
        build.ended("SUCCESS");
        build.check();
        await().until(() -> build.state() == BuildState.OVER);
        assertThat(reports.told).hasSize(4);
    }

    @Test
    void whatJenkinsRefusesIsHandedBack() {
        jenkins.refusal = new BuildPort.RefusedException("it is disabled");
        build(Duration.ZERO).begin();
        awaitTold("retry Jenkins does not accept it: it is disabled");
    }

    @Test
    void anErrorInJenkinsIsHandedBackAndHarmsNoOther() {
        jenkins.refusal = new NoClassDefFoundError("some.plugin.Class");
        build(Duration.ZERO).begin();
        awaitTold("retry Jenkins does not accept it: some.plugin.Class");
        jenkins.refusal = null;
        begun();
    }

    @Test
    void stopsWhatWaits() {
        ZuulBuild build = begun();
        build.stop("Zuul asked for it");
        awaitTold("finished ABORTED");
        assertThat(jenkins.cancels).isEqualTo(1);
        // It is told of its own cancelling as well.
        build.left(true);
        await().until(() -> build.state() == BuildState.OVER);
        assertThat(reports.told).hasSize(1);
    }

    @Test
    void stopsWhatIsAboutToStart() {
        ZuulBuild build = begun();
        jenkins.inQueue = false;
        build.stop("Zuul asked for it");
        await().until(() -> build.state() == BuildState.STARTING);
        assertThat(reports.told).isEmpty();
        build.started(running);
        await().until(() -> running.stops.contains("0 Zuul asked for it"));
        build.ended("ABORTED");
        await().until(() -> reports.told.contains("finished ABORTED"));
    }

    @Test
    void stopsLessAndLessPolitely() {
        ZuulBuild build = begun();
        build.left(false);
        build.started(running);
        build.stop("Zuul asked for it");
        build.stop("again");
        await().until(() -> running.stops.size() == 4);
        assertThat(running.stops)
                .containsExactly(
                        "0 Zuul asked for it", "1 Zuul asked for it", "2 Zuul asked for it", "3 Zuul asked for it");
        build.ended("SUCCESS");
        await().until(() -> reports.told.contains("finished ABORTED"));
    }

    @Test
    void stopsBeforeItIsScheduled() {
        ZuulBuild build = build(Duration.ZERO);
        build.stop("Zuul asked for it");
        build.begin();
        awaitTold("finished ABORTED");
        assertThat(jenkins.cancels).isZero();
    }

    @Test
    void whatDoesNotStartInTimeIsHandedBack() {
        ZuulBuild build = build(Duration.ofMillis(50));
        build.begin();
        awaitTold("retry Jenkins did not start it within 0 s");
        assertThat(jenkins.cancels).isEqualTo(1);
    }

    @Test
    void whatStartsAfterItWasHandedBackIsStopped() {
        jenkins.inQueue = false;
        ZuulBuild build = build(Duration.ofMillis(50));
        build.begin();
        awaitTold("retry Jenkins did not start it within 0 s");
        assertThat(jenkins.cancels).isEqualTo(2); // it had its time twice, since it was about to start
        build.started(running);
        await().until(() -> running.stops.contains("0 Zuul does not wait for it any more"));
    }

    @Test
    void whatIsLostBetweenQueueAndStartIsHandedBack() {
        ZuulBuild build = begun();
        build.left(false);
        build.check();
        jenkins.lost = true;
        build.check();
        awaitTold("retry Jenkins took it out of its queue and could not start it");
    }

    @Test
    void whatSomebodyCancelsInJenkinsIsAborted() {
        begun().left(true);
        awaitTold("finished ABORTED");
    }

    @Test
    void keepsADescriptionUntilThereIsSomethingToDescribe() {
        ZuulBuild build = begun();
        build.describe("first");
        build.describe("second");
        build.left(false);
        build.started(running);
        await().until(() -> running.descriptions.equals(List.of("second")));
        build.describe("third");
        await().until(() -> running.descriptions.equals(List.of("second", "third")));
    }

    @Test
    void aBuildThatWentOnReportsAgain() {
        ZuulBuild build = build(Duration.ZERO);
        build.adopt(running);
        build.ended("SUCCESS");
        awaitTold("url http://jenkins/1", "node n1 [x]", "0/5000", "finished SUCCESS");
    }
}
