package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.amqp.EventLoop;
import java.nio.file.Path;

/** Makes the offer of each kind. */
public final class SourceOffers {
    private SourceOffers() {}

    /**
     * Makes an offer. Nothing is read or sent before {@link SourceOffer#prepare()}.
     *
     * @param loop the loop that the offer lives on once it is prepared
     * @param runId the run
     * @param project name of the project, for people
     * @param directory the project's directory
     * @param options how the sources are offered
     * @throws SyncException of kind REFUSED if an option is wrong
     */
    public static SourceOffer create(
            EventLoop loop, String runId, String project, Path directory, SyncOptions options) throws SyncException {
        throw new SyncException(SyncException.Kind.REFUSED, "Sync of kind " + options.kind() + " is not there yet");
    }
}
