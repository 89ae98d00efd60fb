package io.jenkins.plugins.distributedtest.gearman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RunningJobsTest {
    private final RunningJobs jobs = new RunningJobs();

    private static GearmanJob job(String handle, String function) {
        return new GearmanJob(
                GearmanServer.plain("localhost", 4730),
                1,
                new GearmanJob.Assignment(handle, function, "unique-" + handle, new byte[0]),
                (job, packet, last) -> {});
    }

    @Test
    void asksOneQuestionAtATimeWhileThereIsRoom() {
        assertThat(jobs.ask()).as("without capacity").isFalse();
        jobs.setCapacity(2);
        assertThat(jobs.ask()).isTrue();
        assertThat(jobs.ask()).as("while a question is open").isFalse();
        jobs.assigned(job("1", "f"));
        assertThat(jobs.ask()).isTrue();
        jobs.noJob();
        assertThat(jobs.ask()).isTrue();
        jobs.assigned(job("2", "f"));
        assertThat(jobs.ask()).as("at the capacity").isFalse();
    }

    @Test
    void aQuestionOfAnEarlierConnectionIsNotWaitedFor() {
        jobs.setCapacity(1);
        jobs.ask();
        jobs.reset();
        assertThat(jobs.ask()).isTrue();
    }

    @Test
    void asksNothingAfterDraining() {
        jobs.setCapacity(5);
        jobs.drain();
        assertThat(jobs.ask()).isFalse();
        assertThat(jobs.isDraining()).isTrue();
    }

    @Test
    void anEndMakesRoomAndALossIsCounted() {
        jobs.setCapacity(1);
        jobs.ask();
        GearmanJob first = job("1", "f");
        jobs.assigned(first);
        jobs.end(first);
        assertThat(first.isLive()).isFalse();
        assertThat(jobs.ask()).isTrue();
        GearmanJob second = job("2", "f");
        jobs.assigned(second);
        jobs.lose(second);
        assertThat(second.isLive()).isFalse();
        assertThat(jobs.counts()).isEqualTo(new WorkerStatus.Jobs(1, 0, 2, 1));
    }

    @Test
    void aHandleThatComesTwiceLosesTheJobBefore() {
        jobs.setCapacity(2);
        GearmanJob before = job("1", "f");
        GearmanJob after = job("1", "g");
        assertThat(jobs.assigned(before)).isEmpty();
        assertThat(jobs.assigned(after)).contains(before);
        assertThat(before.isLive()).isFalse();
        assertThat(after.isLive()).isTrue();
        // A late end of the job before does not end the one that has its handle now.
        jobs.end(before);
        assertThat(jobs.withHandle("1")).contains(after);
        assertThat(jobs.counts()).isEqualTo(new WorkerStatus.Jobs(2, 1, 2, 1));
    }

    @Test
    void findsJobs() {
        GearmanJob job = job("1", "f");
        jobs.assigned(job);
        assertThat(jobs.withHandle("1")).contains(job);
        assertThat(jobs.withHandle("2")).isEmpty();
        assertThat(jobs.withUnique("unique-1")).contains(job);
        assertThat(jobs.withUnique("unique-2")).isEmpty();
        assertThat(jobs.isBusy("f")).isTrue();
        assertThat(jobs.isBusy("g")).isFalse();
        assertThat(jobs.all()).containsExactly(job);
    }

    @Test
    void aCapacityIsNotNegative() {
        assertThatThrownBy(() -> jobs.setCapacity(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    static IntStream seeds() {
        return IntStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void neverTakesMoreThanItMayAndLosesCountOfNone(int seed) {
        Model model = new Model(new Random(seed));
        for (int step = 0; step < 2000; step++) {
            model.step();
            boolean mayAsk = !model.open && model.live.size() < model.capacity;
            boolean asks = jobs.ask();
            assertThat(asks).as("step %d", step).isEqualTo(mayAsk);
            model.open |= asks;
            assertThat(jobs.all())
                    .containsExactlyInAnyOrderElementsOf(model.live)
                    .allMatch(GearmanJob::isLive);
            assertThat(jobs.counts())
                    .isEqualTo(new WorkerStatus.Jobs(model.capacity, model.live.size(), model.taken, model.lost));
        }
    }

    /** What the server and the jobs do, at random, and what has to come of it. */
    private final class Model {
        final Random random;
        final List<GearmanJob> live = new ArrayList<>();
        int capacity;
        boolean open;
        long taken;
        long lost;

        Model(Random random) {
            this.random = random;
        }

        void step() {
            switch (random.nextInt(7)) {
                case 0 -> jobs.setCapacity(capacity = random.nextInt(6));
                case 1 -> answer(false);
                case 2, 3 -> answer(true);
                case 4 -> one().ifPresent(jobs::end);
                case 5 -> loseOne();
                default -> reconnect();
            }
        }

        private void answer(boolean withJob) {
            if (!open) {
                return;
            }
            open = false;
            if (withJob) {
                GearmanJob job = job("h" + taken++, "f" + random.nextInt(3));
                assertThat(jobs.assigned(job)).isEmpty();
                live.add(job);
            } else {
                jobs.noJob();
            }
        }

        private Optional<GearmanJob> one() {
            return live.isEmpty() ? Optional.empty() : Optional.of(live.remove(random.nextInt(live.size())));
        }

        private void loseOne() {
            if (random.nextInt(4) == 0) {
                one().ifPresent(job -> {
                    jobs.lose(job);
                    lost++;
                });
            }
        }

        private void reconnect() {
            if (random.nextInt(20) == 0) {
                jobs.all().forEach(jobs::lose);
                lost += live.size();
                live.clear();
                jobs.reset();
                open = false;
            }
        }
    }
}
