package io.jenkins.plugins.distributedtest.gearman;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.gearman.common.GearmanPacketType;

/**
 * Which functions are to be registered with a server, and which this connection has registered. The difference becomes
 * packets: CAN_DO for what is missing, CANT_DO for what is no longer wanted. CANT_DO is sent only for what this
 * connection has registered, since Zuul's server closes the connection otherwise.
 *
 * <p>A pure state machine; its owner sends the packets and provides the thread.
 */
final class Registration {
    private Set<String> wanted = Set.of();
    private Set<String> registered = Set.of();
    /** Whether {@link #registered} may differ from {@link #wanted}. */
    private boolean differs;

    /**
     * Sets what is to be registered.
     *
     * @param functions all functions, in the order in which they are to be registered
     */
    void want(Collection<String> functions) {
        wanted = new LinkedHashSet<>(functions);
        differs = true;
    }

    /** A new connection has registered nothing. */
    void reset() {
        registered = Set.of();
        differs = true;
    }

    /**
     * The packets that make the server know what is wanted. They count as sent.
     *
     * @param keeps whether a function that is not wanted has to stay registered for now; it is asked again at the next
     *     call
     * @return possibly empty
     */
    List<Packet> changes(Predicate<String> keeps) {
        if (!differs) {
            return List.of();
        }
        List<Packet> changes = new ArrayList<>();
        Set<String> next = new LinkedHashSet<>(wanted);
        differs = false;
        for (String function : registered) {
            if (wanted.contains(function)) {
                continue;
            }
            if (keeps.test(function)) {
                next.add(function);
                differs = true;
            } else {
                changes.add(Packet.request(GearmanPacketType.CANT_DO, function));
            }
        }
        for (String function : wanted) {
            if (!registered.contains(function)) {
                changes.add(Packet.request(GearmanPacketType.CAN_DO, function));
            }
        }
        registered = next;
        return changes;
    }

    /** How many functions this connection has registered. */
    int size() {
        return registered.size();
    }
}
