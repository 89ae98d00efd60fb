package io.jenkins.plugins.distributedtest.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Hands out ports of 127.0.0.1 that nothing listens at, none twice. They lie below those that the system gives to
 * outgoing connections, any of which could take one before its server does; and each of the JVMs that Surefire runs at
 * the same time has a range of its own.
 */
public final class FreePorts {
    private static final int LOWEST = 10_240;
    private static final int RANGE = 11_000;
    private static final int FIRST = LOWEST + (Integer.getInteger("fork", 1) - 1) % 2 * RANGE;

    private static int next = ThreadLocalRandom.current().nextInt(RANGE);

    private FreePorts() {}

    /** A port that is free now and was not handed out before. */
    public static synchronized int next() {
        for (int tried = 0; tried < RANGE; tried++) {
            int port = FIRST + next;
            next = (next + 1) % RANGE;
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // somebody else's: the next one
            }
        }
        throw new IllegalStateException("No port from " + FIRST + " to " + (FIRST + RANGE - 1) + " is free");
    }
}
