package io.jenkins.plugins.distributedtest.collect;

import io.jenkins.plugins.distributedtest.collect.CollectMessages.Answer;
import io.jenkins.plugins.distributedtest.collect.CollectMessages.Offer;
import io.jenkins.plugins.distributedtest.collect.CollectMessages.Part;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.sync.ContentMessages;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Brings the offers of one share to the originator, one after the other: says what there is, sends what is asked for, until
 * the originator says that it has all. What gets no answer is said again, as it is after a lost connection; nothing at all
 * for a while ends it. On one thread.
 */
final class Bringing {
    private static final Duration SAY_AGAIN = Duration.ofSeconds(5);
    /** Without any answer for so long it is given up. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final CollectLine line;
    private final String share;
    private final Gathering.Spool spool;
    private boolean opened;

    /**
     * @param line the line to the originator
     * @param share what tells this share from every other
     * @param spool where contents are
     */
    Bringing(CollectLine line, String share, Gathering.Spool spool) {
        this.line = line;
        this.share = share;
        this.spool = spool;
    }

    /**
     * Brings an offer; with what it has no answer for is filled in.
     *
     * @param offer the offer
     * @param deadline when it is given up, in {@link System#nanoTime}
     * @throws CollectException if the originator refuses, does not answer, or has no time left
     * @throws IOException if the spool cannot be read
     */
    void bring(Offer offer, Deadline deadline) throws CollectException, IOException, InterruptedException {
        if (!opened) {
            opened = true;
            line.open();
        } else {
            say(offer);
        }
        long heard = System.nanoTime();
        long said = heard;
        while (true) {
            CollectLine.Event event = line.next(LOOK);
            long now = System.nanoTime();
            if (event instanceof CollectLine.Connected || event == null && now - said > SAY_AGAIN.toNanos()) {
                said = now;
                say(offer);
            }
            if (event instanceof CollectLine.Connected) {
                heard = now;
            } else if (event instanceof CollectLine.Answered answered
                    && answered.answer().number() == offer.number()) {
                if (isDone(offer, answered.answer())) {
                    return;
                }
                heard = System.nanoTime();
                said = heard;
            }
            if (now - heard > PATIENCE.toNanos()) {
                throw new CollectException(
                        "The originator did not take collected files for " + PATIENCE.toSeconds() + " s");
            }
            if (deadline.isOver(now)) {
                throw new CollectException("There was no time to bring back all collected files");
            }
        }
    }

    /** By when all is to be done; it may be set while that goes on. */
    interface Deadline {
        /** Whether it is over at a time of {@link System#nanoTime}. */
        boolean isOver(long now);
    }

    private void say(Offer offer) throws CollectException, InterruptedException {
        if (line.isConnected()) {
            line.send(CollectMessages.offer(new Offer(
                    offer.listener(),
                    offer.host(),
                    share,
                    line.token(),
                    offer.number(),
                    offer.place(),
                    offer.files(),
                    offer.last(),
                    offer.problem())));
        }
    }

    private boolean isDone(Offer offer, Answer answer) throws CollectException, IOException, InterruptedException {
        switch (answer.kind()) {
            case DONE -> {
                return true;
            }
            case REFUSED -> throw new CollectException(answer.problem());
            case WANT -> send(offer, answer);
            default -> {
                return false;
            }
        }
        return false;
    }

    private void send(Offer offer, Answer answer) throws CollectException, IOException, InterruptedException {
        Map<String, Long> sizes = new HashMap<>();
        offer.files().forEach(file -> sizes.put(file.digest(), file.size()));
        ContentMessages.Packer packer = new ContentMessages.Packer();
        for (Part part : answer.wanted()) {
            Long size = sizes.get(part.digest());
            if (size == null || part.from() < 0 || part.length() < 0 || part.from() + part.length() > size) {
                throw new CollectException("The originator asks for what was not offered");
            }
            pack(part, size, packer);
        }
        if (!packer.isEmpty()) {
            line.send(CollectMessages.from(share, packer.pack()));
        }
    }

    private void pack(Part part, long size, ContentMessages.Packer packer)
            throws CollectException, IOException, InterruptedException {
        Sha256 sha = Sha256.parse(part.digest());
        if (sha == null) {
            throw new CollectException("The originator asks for what was not offered");
        }
        try (RandomAccessFile file =
                new RandomAccessFile(spool.path(part.digest()).toFile(), "r")) {
            file.seek(part.from());
            long at = part.from();
            long end = part.from() + part.length();
            while (at < end) {
                if (packer.room() == 0) {
                    line.send(CollectMessages.from(share, packer.pack()));
                }
                byte[] data = new byte[(int) Math.min(packer.room(), end - at)];
                file.readFully(data);
                packer.add(sha, size, at, data, 0, data.length);
                at += data.length;
            }
        }
    }
}
