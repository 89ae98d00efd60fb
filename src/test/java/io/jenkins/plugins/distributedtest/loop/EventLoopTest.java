package io.jenkins.plugins.distributedtest.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class EventLoopTest {
    @Test
    void runsTasksInOrderOnOneNamedDaemonThread() throws Exception {
        try (EventLoop loop = new EventLoop("the-loop")) {
            List<Integer> ran = new CopyOnWriteArrayList<>();
            IntStream.range(0, 1000).forEach(i -> loop.execute(() -> ran.add(i)));
            Thread thread = loop.submit(Thread::currentThread).get(30, SECONDS);
            assertThat(ran).hasSize(1000).isSorted();
            assertThat(thread.getName()).isEqualTo("the-loop");
            assertThat(thread.isDaemon()).isTrue();
            assertThat(loop.inLoop()).isFalse();
            assertThat(loop.submit(loop::inLoop).get(30, SECONDS)).isTrue();
        }
    }

    @Test
    void outlivesTasksThatThrow() throws Exception {
        try (EventLoop loop = new EventLoop("loop")) {
            AtomicInteger ticks = new AtomicInteger();
            loop.every(Duration.ofMillis(1), () -> {
                ticks.incrementAndGet();
                throw new StackOverflowError("thrown on purpose");
            });
            Awaitility.await().atMost(30, SECONDS).until(() -> ticks.get() >= 3);
            assertThatThrownBy(() -> loop.submit(() -> {
                                throw new AssertionError("on purpose");
                            })
                            .get(30, SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(AssertionError.class);
        }
    }

    @Test
    void whatIsCancelledDoesNotRun() throws Exception {
        try (EventLoop loop = new EventLoop("loop")) {
            AtomicInteger cancelled = new AtomicInteger();
            CountDownLatch later = new CountDownLatch(1);
            loop.schedule(Duration.ofMillis(20), cancelled::incrementAndGet).cancel();
            loop.schedule(Duration.ofMillis(40), later::countDown);
            assertThat(later.await(30, SECONDS)).isTrue();
            assertThat(cancelled).hasValue(0);
        }
    }

    @Test
    void closingRunsWhatWasSubmittedAndDropsWhatIsDueLater() {
        EventLoop loop = new EventLoop("loop");
        List<String> ran = new CopyOnWriteArrayList<>();
        CountDownLatch hold = new CountDownLatch(1);
        loop.execute(() -> await(hold));
        loop.schedule(Duration.ofHours(1), () -> ran.add("later"));
        loop.every(Duration.ofHours(1), () -> ran.add("again"));
        loop.execute(() -> ran.add("now"));
        Thread closer = new Thread(loop::close, "closer");
        closer.start();
        Awaitility.await()
                .atMost(30, SECONDS)
                .untilAsserted(() -> assertThatThrownBy(() -> loop.execute(() -> {}))
                        .isInstanceOf(RejectedExecutionException.class)
                        .hasMessage("loop is closed"));
        hold.countDown();
        Awaitility.await().atMost(30, SECONDS).until(() -> !closer.isAlive());
        assertThat(ran).containsExactly("now");
    }

    @Test
    void closingIsBoundedAndInterruptsATaskThatHangs() {
        EventLoop loop = new EventLoop("loop");
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch never = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        loop.close();
        Awaitility.await().atMost(30, SECONDS).untilTrue(interrupted);
    }

    @Test
    void closingOnTheLoopItselfDoesNotHang() throws Exception {
        EventLoop loop = new EventLoop("loop");
        loop.submit(() -> {
                    loop.close();
                    return null;
                })
                .get(30, SECONDS);
        assertThatThrownBy(() -> loop.schedule(Duration.ZERO, () -> {})).hasMessage("loop is closed");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
