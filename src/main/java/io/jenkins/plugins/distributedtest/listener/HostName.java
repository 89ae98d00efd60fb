package io.jenkins.plugins.distributedtest.listener;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this host, for people. */
final class HostName {
    private HostName() {}

    /** Its name; {@code localhost} if it has none. */
    static String get() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
