package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LogPumpTest {
    private final List<String> log = new ArrayList<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    @Test
    void textsAreWrittenInOrderByOneTaskAtATime() {
        LogPump pump = new LogPump(tasks::add, log::add);
        pump.add("one");
        pump.add("two");
        assertThat(tasks).hasSize(1);
        assertThat(log).isEmpty();
        tasks.remove().run();
        assertThat(log).containsExactly("one", "two");
        pump.add("three");
        assertThat(tasks).hasSize(1);
    }

    @Test
    void whatALogCannotTakeIsCounted() {
        LogPump pump = new LogPump(tasks::add, log::add);
        for (int i = 0; i < LogPump.MAX_WAITING + 3; i++) {
            pump.add("line");
        }
        tasks.remove().run();
        assertThat(log)
                .hasSize(LogPump.MAX_WAITING + 1)
                .last()
                .asString()
                .startsWith("3 messages of the run are left out");
    }

    @Test
    void aLogThatFailsStopsNothing() throws InterruptedException {
        LogPump pump = new LogPump(tasks::add, text -> {
            if (text.equals("bad")) {
                throw new IllegalStateException("thrown on purpose");
            }
            log.add(text);
        });
        pump.add("bad");
        pump.add("good");
        tasks.remove().run();
        pump.flush();
        assertThat(log).containsExactly("good");
    }

    @Test
    void whatNoThreadWasFreeForIsWrittenAtTheFlush() throws InterruptedException {
        LogPump pump = new LogPump(
                task -> {
                    throw new RejectedExecutionException("full");
                },
                log::add);
        pump.add("one");
        pump.add("two");
        pump.flush();
        assertThat(log).containsExactly("one", "two");
    }

    @Test
    void aFlushWaitsForWhatIsBeingWritten() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            LogPump pump = new LogPump(executor, text -> {
                writing.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                log.add(text);
            });
            pump.add("slow");
            writing.await();
            Thread flusher = new Thread(() -> {
                try {
                    pump.flush();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            flusher.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> flusher.getState() == Thread.State.TIMED_WAITING);
            goOn.countDown();
            flusher.join(60_000);
            assertThat(log).containsExactly("slow");
        } finally {
            executor.shutdownNow();
        }
    }
}
