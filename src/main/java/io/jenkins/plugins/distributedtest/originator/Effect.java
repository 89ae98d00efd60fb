package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;

/** What {@link RunState} wants done in the world outside; to be carried out in order. */
sealed interface Effect {
    /**
     * Put a file into the files queue, at its end.
     *
     * @param job the file with its lease
     * @param ahead before those that are not, since others wait for it
     */
    record Publish(NativeMessage.FileJob job, boolean ahead) implements Effect {}

    /** Empty the files queue; what is to stay is published again after it. */
    record PurgeFiles() implements Effect {}

    /**
     * Tell one listener to drop the run.
     *
     * @param inbox its queue
     * @param reason why, for people
     */
    record CancelListener(String inbox, String reason) implements Effect {}

    /** Ask the listeners of other clusters whether they are there: nobody of this one has answered. */
    record AskOtherClusters() implements Effect {}

    /**
     * Tell the observer.
     *
     * @param event what happened
     */
    record Notify(RunEvent event) implements Effect {}

    /**
     * The run is over: tell the listeners and clean up.
     *
     * @param end how it ended
     * @param problem what went wrong; empty unless it ended in an error
     */
    record End(RunEnd end, String problem) implements Effect {}
}
