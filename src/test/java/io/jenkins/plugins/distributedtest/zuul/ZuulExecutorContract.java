package io.jenkins.plugins.distributedtest.zuul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.gearman.common.GearmanPacketType;
import org.junit.jupiter.api.Test;

/** What Zuul sees of an executor, whichever of the two servers is between them. */
abstract class ZuulExecutorContract extends ZuulExecutorFixture {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void tellsZuulHowToStopTheJobAtOnceAndTheResultOnlyAtTheEnd() throws Exception {
        ZuulExecutor executor = executor(jobs, 1, "x");
        Submitted build = build("x", "u1");
        await().until(() -> build.statuses.contains("0/100"));

        assertThat(build.data).hasSize(1);
        JsonNode first = JSON.readTree(build.data.get(0));
        assertThat(first.get("name").asText()).isEqualTo("x");
        assertThat(first.get("number").asText()).isEqualTo("u1");
        assertThat(first.get("manager").asText()).isEqualTo(executor.identity().manager());
        assertThat(first.has("result")).isFalse();

        Jobs.Begun job = onlyJob();
        job.reporter.url("http://example.org/1");
        job.reporter.node("node-1", List.of("precise"));
        job.reporter.progress(40, 100);
        job.reporter.finished("SUCCESS");
        await().until(build::isEnded);

        String last = build.data.get(build.data.size() - 1);
        assertThat(build.end).isEqualTo("complete " + last);
        assertThat(JSON.readTree(last).get("result").asText()).isEqualTo("SUCCESS");
        assertThat(JSON.readTree(last).get("url").asText()).isEqualTo("http://example.org/1");
        assertThat(JSON.readTree(last).get("node_name").asText()).isEqualTo("node-1");
        assertThat(JSON.readTree(last).get("node_labels").get(0).asText()).isEqualTo("precise");
        assertThat(build.data.subList(0, build.data.size() - 1)).noneMatch(data -> data.contains("\"result\""));
        assertThat(build.statuses).containsExactly("0/100", "40/100");
    }

    @Test
    void aFaultOfOursIsANullResult() throws Exception {
        executor(jobs, 2, "x", "cannot-begin", "cannot-even-load");
        Submitted build = build("x", "u1");
        onlyJob().reporter.retry("the disk is full");
        Submitted other = build("cannot-begin", "u2");
        Submitted third = build("cannot-even-load", "u3");
        await().until(() -> build.isEnded() && other.isEnded() && third.isEnded());
        for (Submitted ended : List.of(build, other, third)) {
            assertThat(ended.end).startsWith("complete ");
            assertThat(JSON.readTree(ended.end.substring(9)).get("result").isNull())
                    .isTrue();
        }
    }

    @Test
    void aRequestThatIsNoJsonFailsWithoutAResult() throws Exception {
        executor(jobs, 1, "x");
        Submitted build = zuul.submit("build:x", "u1", "nonsense");
        await().until(build::isEnded);
        assertThat(build.end).isEqualTo("fail");
        assertThat(build.data).isEmpty();
        assertThat(jobs.begun).isEmpty();
    }

    @Test
    void stopsAJobByTheNameAndNumberItSent() throws Exception {
        ZuulExecutor executor = executor(jobs, 2, "x");
        Submitted stopped = build("x", "u1");
        Submitted goesOn = build("x", "u2");
        await().until(() -> jobs.begun.size() == 2);
        // Every place is taken: the request must get through all the same.
        Submitted stop = stop(executor, "x", "u1");
        await().until(() -> stop.isEnded() && stopped.isEnded());

        assertThat(stop.end).startsWith("complete");
        assertThat(JSON.readTree(stopped.end.substring(9)).get("result").asText())
                .isEqualTo("ABORTED");
        assertThat(job("u1").stops).hasSize(1);
        assertThat(job("u2").stops).isEmpty();
        assertThat(goesOn.isEnded()).isFalse();
    }

    @Test
    void aJobThatDoesNotStopIsAbortedForZuulAllTheSame() throws Exception {
        ZuulExecutor executor = executor(jobs, 1, "x");
        Submitted build = build("x", "u1");
        Jobs.Begun job = onlyJob();
        job.endsWhenStopped = false;
        stop(executor, "x", "u1");
        await().atMost(Duration.ofSeconds(60)).until(build::isEnded);
        assertThat(build.end).contains("\"result\":\"ABORTED\"");
        job.reporter.finished("SUCCESS"); // too late
    }

    @Test
    void aJobThatSucceedsWhileItIsStoppedIsAborted() throws Exception {
        ZuulExecutor executor = executor(jobs, 1, "x");
        Submitted build = build("x", "u1");
        Jobs.Begun job = onlyJob();
        job.endsWhenStopped = false;
        Submitted stop = stop(executor, "x", "u1");
        await().until(stop::isEnded);
        job.reporter.finished("SUCCESS");
        await().until(build::isEnded);
        assertThat(build.end).contains("\"result\":\"ABORTED\"");
    }

    @Test
    void aStopForAnotherExecutorIsNotItsBusiness() throws Exception {
        ZuulExecutor one = executor(jobs, 1, "x");
        Jobs others = new Jobs();
        ZuulExecutor two = executor(others, 1, "y");
        assertThat(one.identity().manager()).isNotEqualTo(two.identity().manager());
        build("x", "u1");
        onlyJob();
        Submitted stop = stop(two, "x", "u1");
        await().until(stop::isEnded);
        assertThat(stop.end).isEqualTo("fail");
        assertThat(jobs.begun.get(0).stops).isEmpty();
    }

    @Test
    void describesAJob() throws Exception {
        ZuulExecutor executor = executor(jobs, 1, "x");
        build("x", "u1");
        Jobs.Begun job = onlyJob();
        Submitted described = zuul.submit(
                GearmanPacketType.SUBMIT_JOB_LOW,
                "set_description:" + executor.identity().manager(),
                "d1",
                "{\"name\":\"x\",\"number\":\"u1\",\"html_description\":\"<b>change</b>\"}");
        await().until(described::isEnded);
        assertThat(job.descriptions).containsExactly("<b>change</b>");
    }

    @Test
    void stopsItsJobsWhenTheServerIsLostAndServesTheOneThatFollows() throws Exception {
        executor(jobs, 1, "x");
        build("x", "u1");
        Jobs.Begun old = onlyJob();
        old.endsWhenStopped = false;
        server.close();
        await().until(() -> old.stops.size() == 1);

        server = startServer(port);
        zuul = new GearmanTestClient(port);
        open.add(zuul);
        Submitted build = build("x", "u2");
        await().atMost(Duration.ofSeconds(60)).until(() -> jobs.begun.size() == 2);
        old.reporter.finished("FAILURE");
        jobs.begun.get(1).reporter.finished("SUCCESS");
        await().until(build::isEnded);
        assertThat(build.end).contains("\"result\":\"SUCCESS\"");
    }

    @Test
    void stopsAJobWhoseClientHasGone() throws Exception {
        executor(jobs, 1, "x");
        build("x", "u1");
        Jobs.Begun job = onlyJob();
        zuul.close();
        await().until(() -> job.stops.size() == 1);
    }

    @Test
    void drainingEndsWithTheLastJob() throws Exception {
        ZuulExecutor executor = executor(jobs, 5, "x");
        Submitted build = build("x", "u1");
        Jobs.Begun job = onlyJob();
        CompletableFuture<Void> idle = executor.drain();
        assertThat(idle).isNotDone();
        job.reporter.finished("SUCCESS");
        await().until(idle::isDone);
        await().until(build::isEnded);
    }

    @Test
    void closingAfterDrainingLosesNoResult() throws Exception {
        ZuulExecutor executor = executor(jobs, 200, "x");
        List<Submitted> builds = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            builds.add(build("x", "u" + i));
        }
        await().until(() -> jobs.begun.size() == 200);
        CompletableFuture<Void> idle = executor.drain();
        jobs.begun.forEach(job -> job.reporter.finished("SUCCESS " + "x".repeat(10_000)));
        idle.get(60, TimeUnit.SECONDS);
        executor.close();
        await().until(() -> builds.stream().allMatch(Submitted::isEnded));
        assertThat(builds).allMatch(build -> build.end.contains("\"result\":\"SUCCESS"));
    }

    @Test
    void answersForAnExecutorWhoseJobItWasHanded() throws Exception {
        ZuulExecutor executor = executor(jobs, 1, "x");
        AutoCloseable former = executor.answerFor("manager-that-is-no-more");
        build("x", "u1");
        Jobs.Begun job = onlyJob();
        await().until(() -> zuul.functions().contains("stop:manager-that-is-no-more"));
        zuul.submit(
                GearmanPacketType.SUBMIT_JOB_HIGH,
                "stop:manager-that-is-no-more",
                "s1",
                "{\"name\":\"x\",\"number\":\"u1\"}");
        await().until(() -> job.stops.size() == 1);
        former.close();
        await().until(() -> !zuul.functions().contains("stop:manager-that-is-no-more"));
        assertThat(zuul.functions()).contains("stop:" + executor.identity().manager());
    }
}
