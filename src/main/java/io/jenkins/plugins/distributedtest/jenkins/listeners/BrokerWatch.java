package io.jenkins.plugins.distributedtest.jenkins.listeners;

import io.jenkins.plugins.distributedtest.originator.PingAnswer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Knows who answered on each broker when it was asked last, and who did before. Whoever wants to see it asks for a
 * {@link #refresh}, which returns at once; the brokers are asked on other threads, each by one at a time however many
 * people look, and not again within a few seconds. A listener that no longer answers is remembered for a day.
 */
final class BrokerWatch {
    /** How long an answer is fresh enough not to ask again. */
    static final Duration FRESH = Duration.ofSeconds(3);
    /** How long a listener is remembered that does not answer any more. */
    static final Duration MEMORY = Duration.ofDays(1);
    /** How many listeners of a broker are remembered; of more those that were seen last. */
    static final int MOST_LISTENERS = 2_000;

    /** Asks who is there. */
    @FunctionalInterface
    interface Question {
        /**
         * Asks, and waits a bounded time for answers.
         *
         * @throws Exception if the broker cannot be asked; the message tells people why
         */
        Reply ask() throws Exception;
    }

    /**
     * Who is there.
     *
     * @param place the broker's address, without a password
     * @param cluster the cluster that was asked; null for the one without a name
     * @param answers who answered
     */
    record Reply(String place, String cluster, List<PingAnswer> answers) {}

    /**
     * What is known of a broker.
     *
     * @param name what people call it
     * @param place its address, without a password; empty until it could be asked
     * @param cluster the cluster that is asked; null for the one without a name
     * @param asking whether it is being asked now
     * @param askedAt when it was asked last; null if it never was
     * @param problem why it could not be asked; null if it could
     * @param listeners who answers or did, by host
     */
    record BrokerView(
            String name,
            String place,
            String cluster,
            boolean asking,
            Instant askedAt,
            String problem,
            List<ListenerView> listeners) {}

    /**
     * A listener.
     *
     * @param answer what it said of itself
     * @param here whether it answered when the broker was asked last
     * @param lastSeen when it answered last
     */
    record ListenerView(PingAnswer answer, boolean here, Instant lastSeen) {}

    private static final class State {
        private boolean asking;
        private Instant askedAt;
        private String place = "";
        private String cluster;
        private String problem;
        private final Map<String, ListenerView> listeners = new HashMap<>();
    }

    private final Executor threads;
    private final Clock clock;
    private final Map<String, State> brokers = new LinkedHashMap<>();

    /**
     * @param threads where brokers are asked
     * @param clock tells the time
     */
    BrokerWatch(Executor threads, Clock clock) {
        this.threads = threads;
        this.clock = clock;
    }

    /**
     * Has brokers asked that were not asked just now. Forgets those that are not among them.
     *
     * @param questions by the broker's name, in the order in which they are to be shown
     */
    synchronized void refresh(Map<String, Question> questions) {
        keep(questions.keySet());
        questions.forEach((name, question) -> {
            State state = brokers.get(name);
            Instant now = clock.instant();
            if (!state.asking
                    && (state.askedAt == null || !state.askedAt.plus(FRESH).isAfter(now))) {
                start(state, question);
            }
        });
    }

    /** Brokers with these names, in their order; what is known of those that stay is kept. */
    private void keep(Iterable<String> names) {
        Map<String, State> before = Map.copyOf(brokers);
        brokers.clear();
        names.forEach(name -> brokers.put(name, before.getOrDefault(name, new State())));
    }

    private void start(State state, Question question) {
        state.asking = true;
        try {
            threads.execute(() -> ask(state, question));
        } catch (RejectedExecutionException e) {
            state.asking = false; // Too many brokers wait already; whoever looks next tries again.
        }
    }

    private void ask(State state, Question question) {
        Reply reply = null;
        String problem = null;
        try {
            reply = question.ask();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problem = "Asking was interrupted";
        } catch (Exception e) {
            problem = e.getMessage() == null ? e.toString() : e.getMessage();
        } finally {
            note(state, reply, problem == null && reply == null ? "Asking failed; the system log says why" : problem);
        }
    }

    private synchronized void note(State state, Reply reply, String problem) {
        Instant now = clock.instant();
        state.asking = false;
        state.askedAt = now;
        state.problem = problem;
        state.listeners.replaceAll((id, one) -> new ListenerView(one.answer(), false, one.lastSeen()));
        if (reply != null) {
            state.place = reply.place();
            state.cluster = reply.cluster();
            for (PingAnswer answer : reply.answers()) {
                state.listeners.put(id(state, answer), new ListenerView(answer, true, now));
            }
        }
        forgetOld(state, now);
    }

    /** A Ruby listener has no id: it is known by its host, and of several on one host each counts. */
    private static String id(State state, PingAnswer answer) {
        if (!answer.listener().isEmpty()) {
            return answer.listener();
        }
        int number = 1;
        String id = "ruby " + answer.host() + " " + number;
        while (state.listeners.containsKey(id) && state.listeners.get(id).here()) {
            id = "ruby " + answer.host() + " " + ++number;
        }
        return id;
    }

    private static void forgetOld(State state, Instant now) {
        state.listeners.values().removeIf(one -> one.lastSeen().plus(MEMORY).isBefore(now));
        if (state.listeners.size() > MOST_LISTENERS) {
            List<ListenerView> latest = state.listeners.values().stream()
                    .sorted(Comparator.comparing(ListenerView::lastSeen).reversed())
                    .limit(MOST_LISTENERS)
                    .toList();
            state.listeners.values().retainAll(latest);
        }
    }

    /** What is known now of the brokers that were asked for last. */
    synchronized List<BrokerView> view() {
        List<BrokerView> views = new ArrayList<>();
        brokers.forEach((name, state) -> views.add(new BrokerView(
                name,
                state.place,
                state.cluster,
                state.asking,
                state.askedAt,
                state.problem,
                state.listeners.values().stream()
                        .sorted(Comparator.comparing((ListenerView one) -> !one.here())
                                .thenComparing(one -> one.answer().host())
                                .thenComparing(one -> one.answer().listener()))
                        .toList())));
        return views;
    }
}
