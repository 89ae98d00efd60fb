package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;

/** All that the originator knows of one listener. */
final class ListenerState {
    /** Where a listener stands. */
    enum Phase {
        /** It syncs. */
        PREPARING,
        /** It takes files. */
        READY,
        /** It was silent for too long, but may come back. */
        LOST,
        /** It takes no further part, unless it begins anew. */
        LEFT
    }

    final String id;
    /** Whether it is a Ruby one: no heartbeats, no word when it leaves. */
    final boolean ruby;

    Phase phase = Phase.PREPARING;
    String host;
    /** Its queue; null if unknown. */
    String inbox;

    String version = "";
    int slots;
    /** When it became ready, in seconds from the start of the run; NaN before. */
    double joined = Double.NaN;
    /** When it left or was lost; NaN while it takes part. */
    double left = Double.NaN;

    double syncSeconds;
    String problem = "";
    /** Why it left, as it said; null unless it did. */
    NativeMessage.Left.Reason reason;
    /** When it was heard last, in seconds from the start of the run. */
    double lastSeen;

    /** Whether its connection seems to have broken since it was heard last. */
    boolean suspect;

    ListenerState(String id, String host, boolean ruby) {
        this.id = id;
        this.host = host;
        this.ruby = ruby;
    }

    boolean isActive() {
        return phase == Phase.PREPARING || phase == Phase.READY;
    }

    /** Whether it takes part still and will say when it leaves. */
    boolean awaitsGoodbye() {
        return isActive() && !ruby && !suspect;
    }

    /** Whether it refused to take part, rather than vanished or was shut down: waiting for it is of no use. */
    boolean hasRefused() {
        return hasNoSources()
                || phase == Phase.LEFT
                        && (reason == NativeMessage.Left.Reason.CALLBACK_FAILED
                                || reason == NativeMessage.Left.Reason.RUNNER_FAILED
                                || hasBrokenProject());
    }

    /** Whether it refused because the sources did not arrive, or not as they should. */
    boolean hasNoSources() {
        return phase == Phase.LEFT
                && (reason == NativeMessage.Left.Reason.SYNC_FAILED
                        || reason == NativeMessage.Left.Reason.TREE_DIFFERS);
    }

    /** Whether it refused because what the project loads before its tests does not load. */
    boolean hasBrokenProject() {
        return phase == Phase.LEFT && reason == NativeMessage.Left.Reason.PROJECT_FAILED;
    }

    private ListenerReport.Trouble trouble() {
        if (hasBrokenProject()) {
            return ListenerReport.Trouble.PROJECT;
        }
        if (hasNoSources()) {
            return ListenerReport.Trouble.NO_SOURCES;
        }
        return reason == NativeMessage.Left.Reason.CLOSING_FAILED
                ? ListenerReport.Trouble.CLOSING
                : ListenerReport.Trouble.NONE;
    }

    /** For people. */
    String name() {
        return ruby ? host : host + "/" + (id.length() > 8 ? id.substring(0, 8) : id);
    }

    ListenerReport report() {
        return new ListenerReport(id, host, version, slots, joined, left, syncSeconds, problem, trouble());
    }
}
