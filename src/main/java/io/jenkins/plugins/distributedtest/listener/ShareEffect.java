package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What {@link RunShare} wants done in the world outside; to be carried out in order. */
sealed interface ShareEffect {
    /** Tell the originator that we take files from now on, and have the slots do so. */
    record Join() implements ShareEffect {}

    /** Stop the preparation, if it goes on, and have the slots take no more files. */
    record Leave() implements ShareEffect {}

    /**
     * End the claim on the file of a slot; once per file.
     *
     * @param slot the slot's number
     * @param done whether the file leaves the queue for good; it goes back otherwise
     */
    record Settle(int slot, boolean done) implements ShareEffect {}

    /**
     * Tell the originator that a slot has begun its file.
     *
     * @param slot the slot's number
     */
    record TellStarted(int slot) implements ShareEffect {}

    /**
     * Tell the originator how the file of a slot has ended.
     *
     * @param slot the slot's number
     * @param result how
     */
    record TellFinished(int slot, FileResult result) implements ShareEffect {}

    /**
     * Tell the originator that we are alive.
     *
     * @param running the files that have begun
     */
    record Beat(List<NativeMessage.Heartbeat.Running> running) implements ShareEffect {}

    /**
     * Tell the originator that we take no further part.
     *
     * @param ending why
     */
    record TellLeft(Ending ending) implements ShareEffect {}

    /**
     * Count a file that was run here.
     *
     * @param result how it ended
     */
    record Count(FileResult result) implements ShareEffect {}

    /**
     * Tell people that something went wrong.
     *
     * @param text what
     */
    record Problem(String text) implements ShareEffect {}

    /** The originator has spoken: files that waited for that can be taken. */
    record Heard() implements ShareEffect {}

    /** There may be files again where there were none. */
    record Refill() implements ShareEffect {}

    /** Have free slots look for files. */
    record Wake() implements ShareEffect {}

    /** Remove what the originator has left behind at the broker. */
    record DeleteEntities() implements ShareEffect {}

    /**
     * Stop what some slots run: their processes are killed, but for those with a closing callback to call, which leave off
     * what they do and call it.
     *
     * @param slots their numbers
     * @param limit how long that may take
     */
    record StopSlots(Set<Integer> slots, Duration limit) implements ShareEffect {}

    /**
     * Stop all processes of the run in that way.
     *
     * @param limit how long that may take, and the closing that follows together with it
     */
    record StopAll(Duration limit) implements ShareEffect {}

    /**
     * End the workers with their closing callbacks, remove the workspace, then say so.
     *
     * @param limit for each callback, if shorter than its own; where all was stopped before, less what that took
     */
    record Close(Duration limit) implements ShareEffect {}

    /**
     * Nothing is left of the share.
     *
     * @param mayRejoin whether the run may be joined again
     */
    record Gone(boolean mayRejoin) implements ShareEffect {}
}
