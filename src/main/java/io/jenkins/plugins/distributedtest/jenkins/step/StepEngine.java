package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.init.TermMilestone;
import hudson.init.Terminator;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.SharedConnections;
import io.jenkins.plugins.distributedtest.jenkins.executors.OwnListeners;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.RunBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all steps of this controller share, so that hundreds of them cost no more threads than one: a loop and a
 * connection for each broker, as long as there is a run on it; and three small pools, whose threads end when there is
 * nothing to do: one for what may block for as long as a push takes, one for what takes moments, one that reads content
 * from agents.
 */
public final class StepEngine {
    private static final int PREPARING = 16;
    private static final int WORKING = 4;
    private static final int READING = 4;
    /** Tasks that may wait for a thread. */
    private static final int QUEUE = 10_000;

    private static final StepEngine THE_ONE = new StepEngine();

    private final ThreadPoolExecutor preparing = DaemonThreads.pool("distributed-test-prepare", PREPARING, QUEUE);
    private final ThreadPoolExecutor working = DaemonThreads.pool("distributed-test-work", WORKING, QUEUE);
    private final ThreadPoolExecutor reading = DaemonThreads.pool("distributed-test-content", READING, QUEUE);
    private final Map<BrokerAddress, Room> rooms = new HashMap<>();
    private final AtomicInteger roomNumbers = new AtomicInteger();
    private final Set<StepRun> runs = ConcurrentHashMap.newKeySet();

    /** What the runs on one broker share. */
    private static final class Room {
        private final RunBase base;
        private int users;

        Room(RunBase base) {
            this.base = base;
        }
    }

    private StepEngine() {}

    /** The one of this controller. */
    static StepEngine get() {
        return THE_ONE;
    }

    /** For what may block for long, such as a push of the sources. */
    ThreadPoolExecutor preparing() {
        return preparing;
    }

    /** For what takes moments: writing logs and files. */
    ThreadPoolExecutor working() {
        return working;
    }

    /** For reading content from agents. */
    ThreadPoolExecutor reading() {
        return reading;
    }

    /** Where runs on a broker live; to be {@linkplain #leave left} again. */
    synchronized RunBase enter(BrokerAddress address) {
        Room room = rooms.computeIfAbsent(address, this::room);
        room.users++;
        return room.base;
    }

    private Room room(BrokerAddress address) {
        int number = roomNumbers.incrementAndGet();
        EventLoop loop = new EventLoop("distributed-test-runs-" + number);
        SharedConnections connections = new SharedConnections(address, "distributed-test-jenkins-" + number, loop);
        return new Room(new RunBase(loop, address, connections, preparing));
    }

    /** A run that {@linkplain #enter entered} is over. */
    synchronized void leave(BrokerAddress address) {
        Room room = rooms.get(address);
        if (room != null && --room.users == 0) {
            rooms.remove(address);
            // Not here: whoever leaves may be on the loop.
            working.execute(room.base.loop()::close);
        }
    }

    /** A run lives from now on. */
    void add(StepRun run) {
        runs.add(run);
    }

    /** A run is over. */
    void remove(StepRun run) {
        runs.remove(run);
    }

    /**
     * When the controller stops: what is known of each run is saved, and nothing is said to listeners, which go on.
     */
    @Terminator(after = TermMilestone.STARTED, before = TermMilestone.COMPLETED)
    public static void stop() {
        THE_ONE.letGo();
    }

    private void letGo() {
        for (StepRun run : List.copyOf(runs)) {
            run.letGo();
            runs.remove(run);
        }
        List<Room> left;
        synchronized (this) {
            left = List.copyOf(rooms.values());
            rooms.clear();
        }
        left.forEach(room -> room.base.loop().close());
        OwnListeners.endHere();
    }
}
