package io.jenkins.plugins.distributedtest.jenkins.listeners;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.distributedtest.originator.PingAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class BrokerWatchTest {
    private static final Instant START = Instant.parse("2026-03-04T05:06:07Z");

    private final Deque<Runnable> work = new ArrayDeque<>();
    private Instant now = START;
    private final BrokerWatch watch = new BrokerWatch(work::add, new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    static PingAnswer ours(String id, String host) {
        return new PingAnswer(id, host, "1.0", 4, 1, List.of("rspec"), true, true);
    }

    static PingAnswer ruby(String host) {
        return new PingAnswer("", host, "0.11.1", 2, -1, List.of(), false, true);
    }

    private void ask(BrokerWatch.Question question) {
        now = now.plus(BrokerWatch.FRESH);
        watch.refresh(Map.of("ci", question));
        while (!work.isEmpty()) {
            work.remove().run();
        }
    }

    private static BrokerWatch.Question answers(PingAnswer... answers) {
        return () -> new BrokerWatch.Reply("amqp://guest@mq:5672", "team-a", List.of(answers));
    }

    private List<String> seen() {
        return watch.view().get(0).listeners().stream()
                .map(one -> one.answer().host()
                        + (one.here()
                                ? ""
                                : " away since "
                                        + Duration.between(one.lastSeen(), now).toSeconds()))
                .toList();
    }

    @Test
    void askingHoldsNobodyUp() {
        watch.refresh(Map.of("ci", answers(ours("a", "one"))));
        assertThat(watch.view()).singleElement().satisfies(broker -> {
            assertThat(broker.asking()).isTrue();
            assertThat(broker.askedAt()).isNull();
            assertThat(broker.listeners()).isEmpty();
        });
        watch.refresh(Map.of("ci", answers(ours("a", "one"))));
        assertThat(work).as("asked once however many look").hasSize(1);
        work.remove().run();
        assertThat(watch.view()).singleElement().satisfies(broker -> {
            assertThat(broker.asking()).isFalse();
            assertThat(broker.askedAt()).isEqualTo(START);
            assertThat(broker.place()).isEqualTo("amqp://guest@mq:5672");
            assertThat(broker.cluster()).isEqualTo("team-a");
        });
        watch.refresh(Map.of("ci", answers(ours("a", "one"))));
        assertThat(work).as("not again just now").isEmpty();
    }

    @Test
    void whoNoLongerAnswersIsRememberedForADay() {
        ask(answers(ours("b", "two"), ours("a", "one")));
        assertThat(seen()).containsExactly("one", "two");
        ask(answers(ours("b", "two")));
        assertThat(seen()).containsExactly("two", "one away since 3");
        ask(answers(ours("a", "one"), ours("b", "two")));
        assertThat(seen()).containsExactly("one", "two");
        now = now.plus(BrokerWatch.MEMORY);
        ask(answers(ours("b", "two")));
        assertThat(seen()).containsExactly("two");
    }

    @Test
    void aProblemIsToldAndWhoWasThereIsStillKnown() {
        ask(answers(ours("a", "one")));
        ask(() -> {
            throw new IOException("Cannot reach amqp://mq:5672: connection refused");
        });
        assertThat(watch.view().get(0).problem()).isEqualTo("Cannot reach amqp://mq:5672: connection refused");
        assertThat(watch.view().get(0).asking()).isFalse();
        assertThat(seen()).containsExactly("one away since 3");
        ask(() -> {
            throw new IllegalStateException();
        });
        assertThat(watch.view().get(0).problem()).contains("IllegalStateException");
        ask(answers(ours("a", "one")));
        assertThat(watch.view().get(0).problem()).isNull();
    }

    @Test
    void rubyListenersOfOneHostCountEachAndAreKnownAgain() {
        ask(answers(ruby("one"), ruby("one"), ruby("two")));
        assertThat(seen()).containsExactly("one", "one", "two");
        ask(answers(ruby("one"), ruby("two")));
        assertThat(seen()).containsExactly("one", "two", "one away since 3");
    }

    @Test
    void moreListenersThanAreRememberedDropTheOldest() {
        List<PingAnswer> many = new ArrayList<>();
        for (int i = 0; i < BrokerWatch.MOST_LISTENERS; i++) {
            many.add(ours("old" + i, "old"));
        }
        ask(answers(many.toArray(PingAnswer[]::new)));
        ask(answers(ours("new", "new")));
        assertThat(watch.view().get(0).listeners()).hasSize(BrokerWatch.MOST_LISTENERS);
        assertThat(seen().get(0)).isEqualTo("new");
    }

    @Test
    void aBrokerThatIsConfiguredNoMoreIsForgotten() {
        ask(answers(ours("a", "one")));
        watch.refresh(Map.of("other", answers()));
        assertThat(watch.view()).extracting(BrokerWatch.BrokerView::name).containsExactly("other");
    }

    @Test
    void whenTooManyWaitTheNextLookTriesAgain() {
        BrokerWatch full = new BrokerWatch(
                task -> {
                    throw new RejectedExecutionException();
                },
                Clock.systemUTC());
        full.refresh(Map.of("ci", answers()));
        assertThat(full.view().get(0).asking()).isFalse();
        assertThat(full.view().get(0).askedAt()).isNull();
    }

    @Test
    void isToldAsJson() throws IOException {
        ask(answers(ours("a", "one"), ruby("two")));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BrokerViews.write(
                watch.view(),
                id -> id.equals("a") ? new BrokerViews.Agent("shop-a", "computer/shop-a/x/") : null,
                now.plusSeconds(7),
                out);
        JsonNode broker = new ObjectMapper().readTree(out.toByteArray()).at("/brokers/0");
        assertThat(broker.get("name").textValue()).isEqualTo("ci");
        assertThat(broker.get("asked_seconds_ago").intValue()).isEqualTo(7);
        assertThat(broker.get("problem").isNull()).isTrue();
        assertThat(broker.at("/listeners/0").toString())
                .isEqualTo(
                        "{\"listener\":\"a\",\"host\":\"one\",\"version\":\"1.0\",\"slots\":4,\"busy\":1,\"runners\":[\"rspec\"],"
                                + "\"native\":true,\"gorgon\":true,\"agent\":\"shop-a\",\"agent_url\":\"computer/shop-a/x/\",\"here\":true,\"seen_seconds_ago\":7}");
        assertThat(broker.at("/listeners/1/busy").isNull()).isTrue();
        assertThat(broker.at("/listeners/1/agent").isNull()).isTrue();
    }
}
