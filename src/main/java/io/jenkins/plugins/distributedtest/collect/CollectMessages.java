package io.jenkins.plugins.distributedtest.collect;

import com.rabbitmq.client.AMQP;
import io.jenkins.plugins.distributedtest.sync.ContentMessages;
import io.jenkins.plugins.distributedtest.sync.JsonBodies;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The messages that bring files back. The property {@code type} says which one it is:
 *
 * <ul>
 *   <li>{@code collect_offer} (listener to the run's queue of collected files), JSON: an {@link Offer}.
 *   <li>{@code content} (the same way), binary: pieces of what was asked for, as sync kind {@code content} has them, at most
 *       1 MiB each; the header {@code share} says whose.
 *   <li>{@code collect_answer} (originator to the queue that the offer names), JSON: an {@link Answer}.
 * </ul>
 */
final class CollectMessages {
    /** How many files an offer may have. */
    static final int MAX_FILES = 500;
    /** How many characters their paths may have together, in one offer. */
    static final int MAX_PATHS = 128 << 10;
    /** How many bytes an answer asks for, unless a limit of its own makes it less. */
    static final long WINDOW = 4L << 20;

    static final String OFFER = "collect_offer";
    static final String ANSWER = "collect_answer";
    private static final String SHARE = "share";
    private static final int MAX_JSON = 1 << 20;

    private static final JsonBodies JSON = new JsonBodies(6, MAX_JSON);

    private CollectMessages() {}

    /**
     * What a listener has to bring.
     *
     * @param listener its id
     * @param host its host
     * @param share what tells its share of the run from every other; a listener may come again
     * @param answers the token of the queue that it hears answers from
     * @param number of the offer, from 1; one after the other
     * @param place where the files belong
     * @param files the files; possibly none
     * @param last whether it is the last one
     * @param problem why files are missing; empty if none are
     */
    record Offer(
            String listener,
            String host,
            String share,
            String answers,
            int number,
            Place place,
            List<CollectedFile> files,
            boolean last,
            String problem) {
        /** Replaces null by what says nothing. */
        Offer {
            listener = Objects.requireNonNullElse(listener, "");
            host = Objects.requireNonNullElse(host, "");
            share = Objects.requireNonNullElse(share, "");
            answers = Objects.requireNonNullElse(answers, "");
            place = Objects.requireNonNullElse(place, Place.end(1));
            files = List.copyOf(Objects.requireNonNullElse(files, List.of()));
            problem = Objects.requireNonNullElse(problem, "");
        }
    }

    /**
     * Where files belong.
     *
     * @param file the test file that was run; null for what was there at the end
     * @param attempt the attempt's lease; 0 at the end
     * @param tree the number of the tree: 1, unless slots have trees of their own
     */
    record Place(@Nullable String file, int attempt, int tree) {
        static Place end(int tree) {
            return new Place(null, 0, tree);
        }
    }

    /**
     * What the originator says to an offer.
     *
     * @param number the offer's
     * @param kind what it says
     * @param wanted the parts that are to be sent, in order; for {@link Kind#WANT}
     * @param problem why nothing more is taken; for {@link Kind#REFUSED}
     */
    record Answer(int number, Kind kind, List<Part> wanted, String problem) {
        /** What can be said. */
        enum Kind {
            /** Send these. */
            WANT,
            /** Others come first; ask again. */
            WAIT,
            /** All of it is there. */
            DONE,
            /** Nothing more is taken. */
            REFUSED
        }

        /** Replaces null by what says nothing. */
        Answer {
            kind = Objects.requireNonNullElse(kind, Kind.WAIT);
            wanted = List.copyOf(Objects.requireNonNullElse(wanted, List.of()));
            problem = Objects.requireNonNullElse(problem, "");
        }
    }

    /**
     * A part of some content.
     *
     * @param digest the content's
     * @param from where it begins
     * @param length how many bytes
     */
    record Part(String digest, long from, long length) {}

    static ContentMessages.Packed offer(Offer offer) {
        return JSON.packed(OFFER, offer);
    }

    static ContentMessages.Packed answer(Answer answer) {
        return JSON.packed(ANSWER, answer);
    }

    static Offer readOffer(byte[] body) throws WireException {
        Offer offer = JSON.read(body, Offer.class);
        if (offer.files().size() > MAX_FILES) {
            throw new WireException("An offer of " + offer.files().size() + " files");
        }
        return offer;
    }

    static Answer readAnswer(byte[] body) throws WireException {
        return JSON.read(body, Answer.class);
    }

    /** Pieces of a share. */
    static ContentMessages.Packed from(String share, ContentMessages.Packed pieces) {
        return new ContentMessages.Packed(
                pieces.properties().builder().headers(Map.of(SHARE, share)).build(), pieces.body());
    }

    /** Whose pieces a message has; empty if it does not say. */
    static String sender(AMQP.BasicProperties properties) {
        Map<String, Object> headers = properties.getHeaders();
        return headers == null ? "" : String.valueOf(headers.getOrDefault(SHARE, ""));
    }
}
