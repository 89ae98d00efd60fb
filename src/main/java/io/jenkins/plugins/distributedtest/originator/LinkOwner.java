package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.util.List;

/** What a {@link BrokerLink} needs of its run. On the loop. */
interface LinkOwner {
    /** Seconds from the start of the run. */
    double now();

    /** Carries out what the state wants. */
    void perform(List<Effect> effects);

    /** The prepared sources; null before that. */
    SyncSpec sync();

    /** A message was dropped. */
    void dropped(String problem);

    /** There is a session (again), but the run has ended. */
    void connectedAfterTheEnd();
}
