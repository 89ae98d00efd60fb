package io.jenkins.plugins.distributedtest.zuul;

import io.jenkins.plugins.distributedtest.files.HostName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.UUID;

/**
 * Who an executor is, as Zuul shows it.
 *
 * @param manager the name by which stop requests find this executor, which no other has at the same time: a clone does
 *     not get what is meant for another
 * @param host the host's name
 * @param addresses the host's addresses
 * @param program the program
 * @param version its version
 */
public record ExecutorIdentity(String manager, String host, List<String> addresses, String program, String version) {
    /** The identity of this process, with a manager's name for this start only. */
    public static ExecutorIdentity ofThisProcess(String program, String version) {
        ExecutorIdentity here = here(program, version);
        return here.managedBy(here.manager() + UUID.randomUUID());
    }

    /** The same under another manager's name. */
    public ExecutorIdentity managedBy(String name) {
        return new ExecutorIdentity(name, host, addresses, program, version);
    }

    /** This host and program, with the beginning of a manager's name. */
    public static ExecutorIdentity here(String program, String version) {
        String host = HostName.get();
        List<String> addresses = List.of();
        try {
            InetAddress local = InetAddress.getLocalHost();
            addresses = List.of(local.getHostAddress());
        } catch (UnknownHostException e) {
            // A host that does not know its own address is still one.
        }
        return new ExecutorIdentity("distributed-test-" + host + "-", host, addresses, program, version);
    }
}
