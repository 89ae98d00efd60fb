package io.jenkins.plugins.distributedtest.originator;

import java.util.List;

/**
 * A listener that answered a ping.
 *
 * @param listener its id; empty for a Ruby listener, which has none
 * @param host its host
 * @param version its version
 * @param slots its slots
 * @param busy how many of them are running a file; -1 if unknown, as for a Ruby listener
 * @param runners the runners that its host supports; empty if unknown
 * @param speaksNative whether it answered in the native dialect
 * @param speaksGorgon whether it answered in Gorgon's dialect
 */
public record PingAnswer(
        String listener,
        String host,
        String version,
        int slots,
        int busy,
        List<String> runners,
        boolean speaksNative,
        boolean speaksGorgon) {
    /** Copies the runners. */
    public PingAnswer {
        runners = List.copyOf(runners);
    }

    /** Both answers of one listener as one. */
    PingAnswer merge(PingAnswer other) {
        PingAnswer richer = speaksNative ? this : other;
        return new PingAnswer(
                richer.listener,
                richer.host,
                richer.version,
                richer.slots,
                richer.busy,
                richer.runners,
                speaksNative || other.speaksNative,
                speaksGorgon || other.speaksGorgon);
    }
}
