package io.jenkins.plugins.distributedtest.collect;

import io.jenkins.plugins.distributedtest.collect.CollectMessages.Offer;
import io.jenkins.plugins.distributedtest.collect.CollectMessages.Place;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.sync.Paths;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where offered files go below the directory of collected files; nothing of an offer is believed before it is checked. */
final class OfferedPlaces {
    private static final int MAX_TREE = 1000;
    private static final int MAX_NAME = 255;
    private static final int HOST_LENGTH = 60;
    private static final int SHARE_LENGTH = 8;
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f-]{8,64}");

    private OfferedPlaces() {}

    /**
     * Checks an offer.
     *
     * @throws WireException if it has a part that cannot be
     */
    static void check(Offer offer) throws WireException {
        if (offer.listener().isEmpty()
                || offer.listener().length() > MAX_NAME
                || offer.host().length() > MAX_NAME) {
            throw new WireException("An offer of collected files without a listener's name");
        }
        boolean named = TOKEN.matcher(offer.answers()).matches()
                && TOKEN.matcher(offer.share()).matches();
        if (!named || offer.number() < 1) {
            throw new WireException("An offer of collected files without a share, a queue for its answer, or a number");
        }
        Place place = offer.place();
        if (place.tree() < 1 || place.tree() > MAX_TREE || place.attempt() < 0) {
            throw new WireException("An offer of collected files without a place");
        }
        checkPath(place.file());
        for (CollectedFile file : offer.files()) {
            if (file.path() == null || file.size() < 0 || Sha256.parse(file.digest()) == null) {
                throw new WireException("An offer of a collected file without path, size or digest");
            }
            if ((file.size() == 0) != file.digest().equals(Sha256.EMPTY.toString())) {
                throw new WireException("An offer of a collected file whose size is not that of its digest");
            }
            checkPath(file.path());
        }
    }

    private static void checkPath(@Nullable String path) throws WireException {
        String fault = path == null ? null : Paths.fault(path);
        if (fault != null) {
            throw new WireException("Not a path of a collected file: " + Paths.printable(path) + ": " + fault);
        }
    }

    /** The directory of a share: its host's name, and what tells it from others there. */
    static String directory(Offer offer) {
        String host = offer.host().replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[.-]+", "");
        String own = Sha256.of(offer.share().getBytes(StandardCharsets.UTF_8)).toString();
        return (host.isEmpty() ? "host" : host.substring(0, Math.min(HOST_LENGTH, host.length()))) + "-"
                + own.substring(0, SHARE_LENGTH);
    }

    /** The directory below that. */
    static String below(Place place) {
        if (place.file() == null) {
            return place.tree() == 1 ? "end" : "end-" + place.tree();
        }
        return "attempts/" + place.file() + "/" + place.attempt();
    }
}
