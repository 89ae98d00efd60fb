package io.jenkins.plugins.distributedtest.gearman;

import io.jenkins.plugins.distributedtest.gearman.Packet.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.gearman.common.GearmanPacketType;

/**
 * A job that a worker has taken. Any thread may report about it; reports travel in the order of the calls. Once the job
 * is {@linkplain #isLive() no longer live}, reports about it are dropped: they would reach whoever has that handle by
 * then.
 */
public final class GearmanJob {
    private static final int MAX_SHOWN = 100;

    private final GearmanServer server;
    private final long generation;
    private final Assignment assignment;
    private final Reports reports;
    private volatile boolean live = true;

    /** Takes what is reported about jobs; called by any thread. */
    interface Reports {
        /** @param last whether the packet ends the job */
        void report(GearmanJob job, Packet packet, boolean last);
    }

    /** What the server sends of a job: the arguments of JOB_ASSIGN_UNIQ. */
    record Assignment(String handle, String function, String unique, byte[] payload) {
        /** @throws ProtocolException if an argument is missing */
        static Assignment of(Packet packet) throws ProtocolException {
            List<byte[]> arguments = packet.arguments(4);
            return new Assignment(
                    text(arguments.get(0)), text(arguments.get(1)), text(arguments.get(2)), arguments.get(3));
        }

        /**
         * What is known of a job of which only the beginning was kept; what that does not hold is empty.
         *
         * @throws ProtocolException if not even the handle is there
         */
        static Assignment beginningOf(Packet packet) throws ProtocolException {
            String handle = text(packet.arguments(2).get(0));
            String[] known = text(packet.data()).split("\0", 4);
            boolean named = known.length == 4;
            return new Assignment(handle, named ? known[1] : "", named ? known[2] : "", new byte[0]);
        }

        private static String text(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /**
     * A job that was just assigned.
     *
     * @param server where it comes from
     * @param generation the number of the connection it came over
     */
    GearmanJob(GearmanServer server, long generation, Assignment assignment, Reports reports) {
        this.server = server;
        this.generation = generation;
        this.assignment = assignment;
        this.reports = reports;
    }

    /** The server's name for the job, valid as long as the connection lasts. */
    public String handle() {
        return assignment.handle();
    }

    /** The function that was asked for. */
    public String function() {
        return assignment.function();
    }

    /** The client's name for the job; possibly empty. */
    public String unique() {
        return assignment.unique();
    }

    /** The client's arguments; a copy. */
    public byte[] payload() {
        return assignment.payload().clone();
    }

    /** The server that it came from. */
    public GearmanServer server() {
        return server;
    }

    /** Whether it has neither ended nor been lost. */
    public boolean isLive() {
        return live;
    }

    /**
     * Sends data to the client: WORK_DATA.
     *
     * @param data the data
     */
    public void data(byte[] data) {
        report(Packet.request(GearmanPacketType.WORK_DATA, handle(), Objects.requireNonNull(data)), false);
    }

    /**
     * Tells the client how much is done: WORK_STATUS.
     *
     * @param numerator how much is done
     * @param denominator of how much
     */
    public void status(long numerator, long denominator) {
        report(
                Packet.request(
                        GearmanPacketType.WORK_STATUS, handle(), Long.toString(numerator), Long.toString(denominator)),
                false);
    }

    /**
     * Ends the job: WORK_COMPLETE.
     *
     * @param data the result
     */
    public void complete(byte[] data) {
        report(Packet.request(GearmanPacketType.WORK_COMPLETE, handle(), Objects.requireNonNull(data)), true);
    }

    /** Ends the job without a result: WORK_FAIL. */
    public void fail() {
        report(Packet.request(GearmanPacketType.WORK_FAIL, handle()), true);
    }

    private void report(Packet packet, boolean last) {
        reports.report(this, packet, last);
    }

    long generation() {
        return generation;
    }

    void end() {
        live = false;
    }

    /** For people: function, unique and handle. */
    @Override
    public String toString() {
        return shown(function()) + " " + shown(unique()) + " (" + shown(handle()) + ")";
    }

    /** A client's text as one line of bearable length. */
    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() > MAX_SHOWN ? line.substring(0, MAX_SHOWN) + "…" : line;
    }
}
