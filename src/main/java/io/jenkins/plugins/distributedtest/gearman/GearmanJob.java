package io.jenkins.plugins.distributedtest.gearman;

import java.util.Objects;
import org.gearman.common.GearmanPacketType;

/**
 * A job that a worker has taken. Any thread may report about it; reports travel in the order of the calls. Once the job
 * is {@linkplain #isLive() no longer live}, reports about it are dropped: they would reach whoever has that handle by
 * then.
 */
public final class GearmanJob {
    private final GearmanWorker worker;
    private final long generation;
    private final String handle;
    private final String function;
    private final String unique;
    private final byte[] payload;
    private volatile boolean live = true;

    GearmanJob(GearmanWorker worker, long generation, String handle, String function, String unique, byte[] payload) {
        this.worker = worker;
        this.generation = generation;
        this.handle = handle;
        this.function = function;
        this.unique = unique;
        this.payload = payload;
    }

    /** The server's name for the job, good for as long as the connection. */
    public String handle() {
        return handle;
    }

    /** The function that was asked for. */
    public String function() {
        return function;
    }

    /** The client's name for the job; possibly empty. */
    public String unique() {
        return unique;
    }

    /** The client's arguments. */
    public byte[] payload() {
        return payload.clone();
    }

    /** Where it came from. */
    public GearmanServer server() {
        return worker.server();
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
        report(Packet.request(GearmanPacketType.WORK_DATA, handle, Objects.requireNonNull(data)), false);
    }

    /**
     * Tells the client how far it is: WORK_STATUS.
     *
     * @param numerator how much is done
     * @param denominator of how much
     */
    public void status(long numerator, long denominator) {
        report(
                Packet.request(
                        GearmanPacketType.WORK_STATUS, handle, Long.toString(numerator), Long.toString(denominator)),
                false);
    }

    /**
     * Ends the job: WORK_COMPLETE.
     *
     * @param data the result
     */
    public void complete(byte[] data) {
        report(Packet.request(GearmanPacketType.WORK_COMPLETE, handle, Objects.requireNonNull(data)), true);
    }

    /** Ends the job without a result: WORK_FAIL. */
    public void fail() {
        report(Packet.request(GearmanPacketType.WORK_FAIL, handle), true);
    }

    private void report(Packet packet, boolean last) {
        worker.report(this, packet, last);
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
        return function + " " + unique + " (" + handle + ")";
    }
}
