package io.jenkins.plugins.distributedtest.suite;

import java.util.Objects;

/**
 * Names one worker: a slot of a listener.
 *
 * @param listener the listener's id, unique per listener process
 * @param host the host it runs on, for people
 * @param slot 1 to the listener's number of slots
 */
public record WorkerId(String listener, String host, int slot) {
    /** Checks that listener and host are there. */
    public WorkerId {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(host, "host");
    }

    /** For people: {@code host/listener#slot}, the listener's id cut to 8 characters. */
    @Override
    public String toString() {
        return listenerName(host, listener) + "#" + slot;
    }

    /** A listener's name for people: {@code host/listener}; the id of a Ruby one, which is its host's, in short. */
    public static String listenerName(String host, String listener) {
        String own =
                listener.endsWith(":" + host) ? listener.substring(0, listener.length() - host.length() - 1) : listener;
        return host + "/" + own.substring(0, Math.min(8, own.length()));
    }
}
