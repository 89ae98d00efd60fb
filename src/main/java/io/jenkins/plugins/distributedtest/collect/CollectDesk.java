package io.jenkins.plugins.distributedtest.collect;

import com.rabbitmq.client.AMQP;
import io.jenkins.plugins.distributedtest.collect.CollectMessages.Answer;
import io.jenkins.plugins.distributedtest.collect.CollectMessages.Offer;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.suite.Collected;
import io.jenkins.plugins.distributedtest.sync.BlobSource;
import io.jenkins.plugins.distributedtest.sync.ContentMessages;
import io.jenkins.plugins.distributedtest.sync.Paths;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The originator's side of bringing files back: takes the listeners' messages one after the other, checks all that comes,
 * puts it into a {@link CollectSink}, and says what to answer. It knows no connection and no clock. On one thread at a time.
 *
 * <p>The story of an offer: its contents that are not there yet are asked for, a window of
 * {@link CollectMessages#WINDOW} bytes at a time, so that neither the broker nor this process ever holds more of one
 * listener; of {@value #ACTIVE} listeners at a time, the others are told to wait. When all is there the files are made, and
 * the listener is told so. A listener says its offer again when it hears nothing: that is answered by where things stand.
 */
final class CollectDesk {
    /** How many listeners send at a time. */
    static final int ACTIVE = 4;
    /** How many files a run takes. */
    static final int MAX_FILES = 100_000;

    private static final long SILENT = TimeUnit.SECONDS.toNanos(20);
    private static final int MAX_LISTENERS = 5000;
    private static final int MAX_PROBLEMS = 100;

    private static final Logger LOG = LoggerFactory.getLogger(CollectDesk.class);

    private final CollectSink sink;
    private final String directory;
    private final long maxBytes;
    private final Map<String, Sender> senders = new LinkedHashMap<>();
    private final Map<String, Long> counted = new HashMap<>();
    private final Set<String> problems = new LinkedHashSet<>();
    private long bytes;
    private int files;
    private int offered;
    private @Nullable String refusal;
    private volatile Collected report;
    private volatile Set<String> ended = Set.of();
    private volatile long lastHeard = Long.MIN_VALUE;

    /** An answer, and the token of the queue that it goes to. */
    record To(String token, Answer answer) {}

    /**
     * @param sink where files go
     * @param directory where that is, for people
     * @param maxBytes how many bytes all listeners together may bring, each content counted once
     */
    CollectDesk(CollectSink sink, String directory, long maxBytes) {
        this.sink = sink;
        this.directory = directory;
        this.maxBytes = maxBytes;
        report = new Collected(directory, 0, 0, List.of(), List.of());
    }

    /** What has been brought back so far. From any thread. */
    Collected report() {
        return report;
    }

    /** When something came last, by the clock of {@link #take}; {@link Long#MIN_VALUE} if nothing ever did. From any thread. */
    long lastHeard() {
        return lastHeard;
    }

    /** The run begins: removes what an earlier one has left. */
    void begin() {
        try {
            sink.begin();
        } catch (IOException | RuntimeException e) {
            refusal = CollectException.told(e);
            problem(refusal);
        }
    }

    /**
     * Takes a message.
     *
     * @param now the time in nanoseconds, of any clock that does not go backwards
     * @return what to answer, possibly nothing
     * @throws WireException if it is none
     */
    List<To> take(long now, AMQP.BasicProperties properties, byte[] body) throws WireException {
        lastHeard = now;
        List<To> answers = new ArrayList<>();
        String type = String.valueOf(properties.getType());
        if (type.equals(CollectMessages.OFFER)) {
            offered(now, CollectMessages.readOffer(body), answers);
        } else if (type.equals(ContentMessages.CONTENT)) {
            sent(now, CollectMessages.sender(properties), ContentMessages.readPieces(properties, body), answers);
        } else {
            throw new WireException("Not a message about collected files: " + Paths.printable(type));
        }
        return answers;
    }

    private void offered(long now, Offer offer, List<To> answers) throws WireException {
        OfferedPlaces.check(offer);
        Sender sender = senders.get(offer.share());
        if (sender == null) {
            if (senders.size() >= MAX_LISTENERS) {
                throw new WireException("More than " + MAX_LISTENERS + " listeners bring files");
            }
            sender = new Sender(offer.listener(), OfferedPlaces.directory(offer));
            senders.put(offer.share(), sender);
        }
        sender.heard(now);
        if (!offer.problem().isEmpty()) {
            problem(offer.host() + ": " + offer.problem().replaceAll("\\p{Cntrl}", "?"));
        }
        if (sender.hasDone(offer)) {
            answers.add(new To(offer.answers(), new Answer(offer.number(), Answer.Kind.DONE, List.of(), "")));
            return;
        }
        Offer before = sender.offer();
        boolean again = before != null && before.number() == offer.number();
        Sender of = sender;
        guarded(answers, offer, () -> {
            of.offered(offer, again ? null : lacking(offer));
            if (!next(now, of, answers)) {
                answers.add(new To(offer.answers(), new Answer(offer.number(), Answer.Kind.WAIT, List.of(), "")));
            }
            goOn(now, answers);
        });
    }

    /** May fail, and then ends it for all. */
    private interface Work {
        void run() throws IOException, CollectException;
    }

    private void guarded(List<To> answers, Offer offer, Work work) {
        try {
            if (refusal == null) {
                work.run();
            }
        } catch (BlobSource.AwayException e) {
            LOG.debug("Collected files have to wait", e);
            senders.values().forEach(Sender::rest);
            answers.clear();
            answers.add(new To(offer.answers(), new Answer(offer.number(), Answer.Kind.WAIT, List.of(), "")));
        } catch (IOException | CollectException | RuntimeException e) {
            refusal = CollectException.told(e);
            problem(refusal);
        }
        if (refusal != null) {
            answers.clear();
            answers.add(new To(offer.answers(), new Answer(offer.number(), Answer.Kind.REFUSED, List.of(), refusal)));
        }
    }

    private Map<String, Long> lacking(Offer offer) throws IOException, CollectException {
        offered += offer.files().size();
        if (offered > MAX_FILES) {
            throw new CollectException("Listeners bring back more than " + MAX_FILES + " files, the last of them "
                    + offer.files().get(0).path() + " from " + offer.host() + ": name fewer in collect");
        }
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (CollectedFile file : offer.files()) {
            Long before = counted.put(file.digest(), file.size());
            bytes += before == null ? file.size() : 0;
            if (bytes > maxBytes) {
                throw new CollectException(String.format(
                        "Listeners bring back more than the limit of %,d bytes, with %s (%,d bytes) from %s: name fewer"
                                + " files in collect, or raise max_collected",
                        maxBytes, Paths.printable(file.path()), file.size(), offer.host()));
            }
            sizes.put(file.digest(), file.size());
        }
        sizes.keySet().retainAll(new LinkedHashSet<>(sink.lacking(new ArrayList<>(sizes.keySet()))));
        if (sizes.remove(Sha256.EMPTY.toString()) != null) {
            sink.write(Sha256.EMPTY.toString(), 0, 0, new byte[0]);
        }
        return sizes;
    }

    /**
     * Goes on with an offer.
     *
     * @return false if it has to wait
     */
    private boolean next(long now, Sender sender, List<To> answers) throws IOException {
        Offer offer = sender.offer();
        if (offer == null) {
            return false;
        }
        Collection<String> unbegun = sender.unbegun();
        Set<String> lacking = new LinkedHashSet<>(sink.lacking(List.copyOf(unbegun)));
        unbegun.stream().filter(digest -> !lacking.contains(digest)).forEach(sender::isThere);
        if (sender.hasAll()) {
            sink.place(sender.directory() + "/" + OfferedPlaces.below(offer.place()), offer.files());
            files += offer.files().size();
            answers.add(new To(offer.answers(), sender.finish()));
            show();
            return true;
        }
        if (!sender.isActive()) {
            senders.values().stream()
                    .filter(other -> now - other.lastHeard() > SILENT)
                    .forEach(Sender::rest);
            if (senders.values().stream().filter(Sender::isActive).count() >= ACTIVE) {
                return false;
            }
            sender.activate();
        }
        Answer answer = sender.ask(
                digest -> senders.values().stream().noneMatch(other -> other != sender && other.brings(digest)));
        if (answer == null) {
            sender.rest();
            return false;
        }
        answers.add(new To(offer.answers(), answer));
        return true;
    }

    /** Whoever waits may have its turn now. */
    private void goOn(long now, List<To> answers) throws IOException {
        for (Sender sender : senders.values()) {
            if (sender.offer() != null && !sender.isActive()) {
                next(now, sender, answers);
            }
        }
    }

    private void sent(long now, String share, List<ContentMessages.Piece> pieces, List<To> answers) {
        Sender sender = senders.get(share);
        Offer offer = sender == null ? null : sender.offer();
        if (sender == null || offer == null) {
            return;
        }
        sender.heard(now);
        guarded(answers, offer, () -> {
            boolean asks = false;
            for (ContentMessages.Piece piece : pieces) {
                String digest = piece.sha().toString();
                if (sender.expects(digest, piece.offset(), piece.data().length, piece.total())) {
                    boolean intact = sink.write(digest, piece.offset(), piece.total(), piece.data());
                    asks |= sender.took(digest, piece.data().length, intact);
                }
            }
            if (asks) {
                next(now, sender, answers);
                goOn(now, answers);
            }
        });
    }

    private void problem(String text) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(text);
        }
        show();
    }

    private void show() {
        ended = senders.values().stream()
                .filter(Sender::hasEnded)
                .map(Sender::listener)
                .collect(Collectors.toUnmodifiableSet());
        report = new Collected(directory, files, bytes, List.of(), List.copyOf(problems));
    }

    /** The listeners whose files are all there. From any thread. */
    Set<String> ended() {
        return ended;
    }

    /** The run is over. */
    void end() {
        try {
            sink.end();
        } catch (IOException | RuntimeException e) {
            problem(CollectException.told(e));
        }
    }
}
