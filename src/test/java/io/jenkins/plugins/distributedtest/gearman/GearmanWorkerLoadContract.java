package io.jenkins.plugins.distributedtest.gearman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a worker bears, whichever of the two servers it works for. */
abstract class GearmanWorkerLoadContract extends GearmanWorkerFixture {
    @Test
    void registersFiveThousandFunctions() throws Exception {
        Echo echo = new Echo();
        List<String> functions =
                IntStream.range(0, 5000).mapToObj(i -> "build:job-" + i).toList();
        worker(echo, 1, functions.toArray(String[]::new));
        Submitted job = client().submit("build:job-4999", "u1", "x");
        await().until(job::isEnded);
    }

    @Test
    void runsFiveHundredJobsAtOnceOverOneConnectionWithoutAThreadEach() throws Exception {
        Keeper keeper = new Keeper();
        worker(keeper, 500, "f");
        GearmanTestClient client = client();
        int before = Thread.activeCount();
        List<Submitted> jobs = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            jobs.add(client.submit("f", "u" + i, Integer.toString(i)));
        }
        await().until(() -> keeper.assigned.size() == 500);
        assertThat(Thread.activeCount() - before).isLessThan(20);
        keeper.assigned.forEach(job -> job.complete(job.payload()));
        await().atMost(Duration.ofSeconds(60)).until(() -> jobs.stream().allMatch(Submitted::isEnded));
        for (int i = 0; i < 500; i++) {
            assertThat(jobs.get(i).end).isEqualTo("complete " + i);
        }
    }

    @Test
    void doesTenThousandShortJobsWithNoneLostOrDoubled() throws Exception {
        Echo echo = new Echo();
        worker(echo, 10, "f");
        GearmanTestClient client = client();
        long from = System.nanoTime();
        List<Submitted> jobs = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            jobs.add(client.submit("f", "u" + i, Integer.toString(i)));
        }
        await().atMost(Duration.ofSeconds(120)).until(() -> jobs.stream().allMatch(Submitted::isEnded));
        double seconds = (System.nanoTime() - from) / 1e9;
        System.out.printf("%s: 10,000 short jobs, %.0f a second%n", getClass().getSimpleName(), 10_000 / seconds);
        assertThat(echo.assigned).hasSize(10_000);
        assertThat(echo.assigned.stream().map(GearmanJob::unique).distinct()).hasSize(10_000);
        for (int i = 0; i < 10_000; i++) {
            assertThat(jobs.get(i).end).isEqualTo("complete " + i);
        }
    }
}
