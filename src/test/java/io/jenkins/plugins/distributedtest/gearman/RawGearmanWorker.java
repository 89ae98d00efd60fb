package io.jenkins.plugins.distributedtest.gearman;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.gearman.common.GearmanPacketType;

/** A worker that sends whatever a test wants, also what no good worker would. It takes one job at a time. */
public final class RawGearmanWorker implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private String handle;

    public RawGearmanWorker(int port, String function) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(30_000);
        in = new DataInputStream(socket.getInputStream());
        send(Packet.request(GearmanPacketType.CAN_DO, function));
    }

    private void send(Packet packet) throws IOException {
        socket.getOutputStream().write(packet.encode());
    }

    /** Waits for a job and takes it. */
    public RawGearmanWorker take() throws IOException {
        send(Packet.request(GearmanPacketType.GRAB_JOB_UNIQ));
        while (true) {
            Packet packet = Packet.read(in);
            if (packet.is(GearmanPacketType.NO_JOB)) {
                send(Packet.request(GearmanPacketType.PRE_SLEEP));
            } else if (packet.is(GearmanPacketType.NOOP)) {
                send(Packet.request(GearmanPacketType.GRAB_JOB_UNIQ));
            } else if (packet.is(GearmanPacketType.JOB_ASSIGN_UNIQ)) {
                handle = packet.texts(4).get(0);
                return this;
            }
        }
    }

    public RawGearmanWorker data(String payload) throws IOException {
        return send(GearmanPacketType.WORK_DATA, payload);
    }

    public RawGearmanWorker warning(String payload) throws IOException {
        return send(GearmanPacketType.WORK_WARNING, payload);
    }

    public void complete(String payload) throws IOException {
        send(GearmanPacketType.WORK_COMPLETE, payload);
    }

    public void exception(String payload) throws IOException {
        send(GearmanPacketType.WORK_EXCEPTION, payload);
    }

    public void fail() throws IOException {
        send(Packet.request(GearmanPacketType.WORK_FAIL, handle));
    }

    public RawGearmanWorker status(int numerator, int denominator) throws IOException {
        send(Packet.request(
                GearmanPacketType.WORK_STATUS, handle, String.valueOf(numerator), String.valueOf(denominator)));
        return this;
    }

    private RawGearmanWorker send(GearmanPacketType type, String payload) throws IOException {
        send(Packet.request(type, handle, payload.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    /** Is gone, whatever it had taken. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
