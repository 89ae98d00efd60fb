package io.jenkins.plugins.distributedtest.zuul;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.UUID;

/**
 * Who an executor is, as Zuul shows it.
 *
 * @param manager the name by which stop requests find this executor; different at each start of a process, so that a
 *     clone or a successor does not get what is meant for another
 * @param host the host's name
 * @param addresses the host's addresses
 * @param program the program
 * @param version its version
 */
public record ExecutorIdentity(String manager, String host, List<String> addresses, String program, String version) {
    /** The identity of this process. */
    public static ExecutorIdentity ofThisProcess(String program, String version) {
        String host = "localhost";
        List<String> addresses = List.of();
        try {
            InetAddress local = InetAddress.getLocalHost();
            host = local.getHostName();
            addresses = List.of(local.getHostAddress());
        } catch (UnknownHostException e) {
            // A host that does not know its own name is still one.
        }
        String manager = "distributed-test-" + host + "-" + UUID.randomUUID();
        return new ExecutorIdentity(manager, host, addresses, program, version);
    }
}
