package io.jenkins.plugins.distributedtest.collect;

import io.jenkins.plugins.distributedtest.collect.CollectMessages.Answer;
import io.jenkins.plugins.distributedtest.collect.CollectMessages.Offer;
import io.jenkins.plugins.distributedtest.collect.CollectMessages.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One listener's share that brings files back: its present offer, and what of it is still to come. */
final class Sender {
    /** Content that comes damaged so often is given up. */
    private static final int MAX_DAMAGED = 3;

    private final String listener;
    private final String directory;
    private @Nullable Offer offer;
    /** What is lacking of the offer, with its size; in order. */
    private final Map<String, Long> missing = new LinkedHashMap<>();

    private final Deque<Part> asked = new ArrayDeque<>();
    /** The content whose beginning has come; null if there is none. */
    private @Nullable String current;
    /** How much of that has come. */
    private long received;

    private int done;
    private int damaged;
    private boolean active;
    private boolean ended;
    private long heard;

    /**
     * @param listener whose it is
     * @param directory where its files go
     */
    Sender(String listener, String directory) {
        this.listener = listener;
        this.directory = directory;
    }

    String listener() {
        return listener;
    }

    String directory() {
        return directory;
    }

    /** Whether an offer is done already: its answer was lost. */
    boolean hasDone(Offer again) {
        return again.number() <= done;
    }

    /** The present offer; null if there is none. */
    @Nullable
    Offer offer() {
        return offer;
    }

    /**
     * Begins an offer, or takes it as it is said again, with the queue that answers go to now.
     *
     * @param lacking contents that are not there, with their sizes; null if it is said again
     */
    void offered(Offer next, @Nullable Map<String, Long> lacking) {
        offer = next;
        if (lacking != null) {
            missing.clear();
            missing.putAll(lacking);
            forget();
        }
    }

    private void forget() {
        asked.clear();
        current = null;
        received = 0;
    }

    /** Something has come of it. */
    void heard(long now) {
        heard = now;
    }

    long lastHeard() {
        return heard;
    }

    /** Whether it is asked for what it has; only a few are at a time. */
    boolean isActive() {
        return active;
    }

    void activate() {
        active = true;
    }

    /** Others come first; what it has sent the beginning of is sent again. */
    void rest() {
        active = false;
        forget();
    }

    boolean hasAll() {
        return missing.isEmpty();
    }

    /** Whether its last offer is done. */
    boolean hasEnded() {
        return ended;
    }

    /** What it lacks and has not begun to send. */
    Collection<String> unbegun() {
        return missing.keySet().stream()
                .filter(digest -> !digest.equals(current))
                .toList();
    }

    /** Another one has brought a content meanwhile. */
    void isThere(String digest) {
        missing.remove(digest);
    }

    /** Whether a content is on its way from here. */
    boolean brings(String digest) {
        return active
                && (digest.equals(current)
                        || asked.stream().anyMatch(part -> part.digest().equals(digest)));
    }

    /**
     * Asks for what comes next, or again for what was asked and has not come.
     *
     * @param free whether a content is on its way from nobody else
     * @return null if there is nothing to ask for at the moment
     */
    @Nullable
    Answer ask(Predicate<String> free) {
        asked.clear();
        long room = CollectMessages.WINDOW;
        if (current != null) {
            room -= add(current, received, room);
        }
        for (String digest : unbegun()) {
            if (room <= 0 || asked.size() >= CollectMessages.MAX_FILES) {
                break;
            }
            if (free.test(digest)) {
                room -= add(digest, 0, room);
            }
        }
        return asked.isEmpty() ? null : new Answer(number(), Answer.Kind.WANT, new ArrayList<>(asked), "");
    }

    private long add(String digest, long from, long room) {
        long length = Math.min(room, missing.getOrDefault(digest, from) - from);
        asked.add(new Part(digest, from, length));
        return length;
    }

    private int number() {
        return offer == null ? done : offer.number();
    }

    /** Whether a piece is the next one of what was asked for. One that is not has come before, or was never asked for. */
    boolean expects(String digest, long offset, long length, long total) {
        Part next = asked.peek();
        return next != null
                && next.digest().equals(digest)
                && offset == (digest.equals(current) ? received : 0)
                && length <= next.from() + next.length() - offset
                && total == missing.getOrDefault(digest, -1L);
    }

    /**
     * A piece that was expected is there.
     *
     * @param intact false if it was the last one, and the whole is not what its digest says
     * @return whether all that was asked for is there
     * @throws CollectException if that has happened too often
     */
    boolean took(String digest, long length, boolean intact) throws CollectException {
        received = digest.equals(current) ? received + length : length;
        current = digest;
        Part part = asked.element();
        if (!intact) {
            if (++damaged >= MAX_DAMAGED) {
                throw new CollectException("What listeners bring back comes damaged");
            }
            forget();
        } else if (received == missing.getOrDefault(digest, -1L)) {
            missing.remove(digest);
            asked.remove();
            current = null;
            received = 0;
        } else if (received == part.from() + part.length()) {
            asked.remove();
        }
        return asked.isEmpty();
    }

    /** The offer is done. */
    Answer finish() {
        done = number();
        ended |= offer != null && offer.last();
        offer = null;
        rest();
        return new Answer(done, Answer.Kind.DONE, List.of(), "");
    }
}
