package io.jenkins.plugins.distributedtest.gearman;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.gearman.common.GearmanPacketMagic;
import org.gearman.common.GearmanPacketType;

/**
 * Behaves as the Gearman server inside Zuul 2 does, quirks included: it answers neither GRAB_JOB nor ECHO_REQ nor
 * OPTION_REQ, closes the connection on a CANT_DO for what was never registered, wakes nobody for a job that was queued
 * before the CAN_DO, takes reports for a job from any connection, makes two jobs of one unique, sends WORK_FAIL with
 * the wrong magic when a worker is lost, forgets the jobs of a client that leaves, goes on listing functions that nobody
 * has any more, and numbers handles from 1.
 */
public final class GearServerStandIn implements Closeable {
    private final ServerSocket listening;
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private final List<List<Job>> queues = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    /** Every function that was ever registered: the status goes on listing those of workers that are gone. */
    private final Set<String> known = new LinkedHashSet<>();

    private int lastHandle;
    private volatile boolean silent;
    final List<String> received = new CopyOnWriteArrayList<>();

    private static final class Job {
        String handle;
        String function;
        String unique;
        byte[] payload;
        Peer client;
        Peer worker;
    }

    private final class Peer {
        final Socket socket;
        final Set<String> functions = new LinkedHashSet<>();
        boolean asleep;
        String id = "";

        Peer(Socket socket) {
            this.socket = socket;
        }

        void send(Packet packet) {
            if (silent) {
                return;
            }
            try {
                synchronized (socket) {
                    socket.getOutputStream().write(packet.encode());
                    socket.getOutputStream().flush();
                }
            } catch (IOException e) {
                close(socket);
            }
        }
    }

    public GearServerStandIn(int port) throws IOException {
        this(port, null);
    }

    /** With TLS it wants a client certificate. */
    public GearServerStandIn(int port, SSLContext tls) throws IOException {
        if (tls == null) {
            listening = new ServerSocket();
        } else {
            SSLServerSocket secure =
                    (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
            secure.setNeedClientAuth(true);
            listening = secure;
        }
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        start("gear-accept", this::acceptAll);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** From now on nothing is answered, nor closed: a server that hangs. */
    void hang() {
        silent = true;
    }

    synchronized int queued() {
        return queues.stream().mapToInt(List::size).sum();
    }

    synchronized Set<String> registered() {
        Set<String> all = new LinkedHashSet<>();
        peers.forEach(peer -> all.addAll(peer.functions));
        return all;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        peers.forEach(peer -> close(peer.socket));
    }

    private void acceptAll() {
        while (!listening.isClosed()) {
            try {
                Peer peer = new Peer(listening.accept());
                peers.add(peer);
                start("gear-peer", () -> serve(peer));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Peer peer) {
        try {
            PushbackInputStream in = new PushbackInputStream(new BufferedInputStream(peer.socket.getInputStream()));
            DataInputStream data = new DataInputStream(in);
            while (true) {
                int first = in.read();
                if (first < 0) {
                    break;
                }
                in.unread(first);
                if (first == 0) {
                    Packet packet = Packet.read(data);
                    received.add(packet.toString());
                    if (!silent) {
                        handle(peer, packet);
                    }
                } else {
                    admin(peer, line(in));
                }
            }
        } catch (IOException e) {
            // Gone; what follows is the same as for a peer that closes.
        } finally {
            gone(peer);
        }
    }

    private static String line(PushbackInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().trim();
    }

    private synchronized void admin(Peer peer, String line) throws IOException {
        String answer;
        if (line.startsWith("cancel job ")) {
            Job job = jobs.get(line.substring(11));
            boolean removed = job != null && queues.stream().anyMatch(queue -> queue.remove(job));
            if (removed) {
                jobs.remove(job.handle);
            }
            answer = removed ? "OK\n" : "ERR UNKNOWN_JOB\n";
        } else if (line.equals("status")) {
            StringBuilder lines = new StringBuilder();
            Set<String> live = registered();
            known.forEach(function -> lines.append(function)
                    .append("\t0\t0\t")
                    .append(live.contains(function) ? 1 : 0)
                    .append('\n'));
            answer = lines.append(".\n").toString();
        } else {
            return;
        }
        synchronized (peer.socket) {
            peer.socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        }
    }

    private synchronized void handle(Peer peer, Packet packet) throws IOException {
        if (packet.is(GearmanPacketType.CAN_DO)) {
            peer.functions.add(packet.texts(1).get(0));
            known.add(packet.texts(1).get(0));
        } else if (packet.is(GearmanPacketType.CANT_DO)) {
            if (!peer.functions.remove(packet.texts(1).get(0))) {
                throw new IOException("KeyError");
            }
        } else if (packet.is(GearmanPacketType.SET_CLIENT_ID)) {
            peer.id = packet.texts(1).get(0);
        } else if (packet.is(GearmanPacketType.GRAB_JOB_UNIQ)) {
            peer.asleep = false;
            assign(peer);
        } else if (packet.is(GearmanPacketType.PRE_SLEEP)) {
            peer.asleep = true;
            wake(peer);
        } else if (packet.is(GearmanPacketType.SUBMIT_JOB)) {
            submit(peer, packet, 1);
        } else if (packet.is(GearmanPacketType.SUBMIT_JOB_HIGH)) {
            submit(peer, packet, 0);
        } else if (packet.is(GearmanPacketType.SUBMIT_JOB_LOW)) {
            submit(peer, packet, 2);
        } else if (packet.is(GearmanPacketType.GET_STATUS)) {
            String handle = packet.texts(1).get(0);
            Job job = jobs.get(handle);
            peer.send(response(
                    GearmanPacketType.STATUS_RES,
                    handle + "\0" + (job == null ? "0\0000" : "1\0" + (job.worker == null ? 0 : 1)) + "\0" + "\0"));
        } else if (packet.is(GearmanPacketType.WORK_COMPLETE) || packet.is(GearmanPacketType.WORK_FAIL)) {
            forward(packet, true);
        } else if (packet.is(GearmanPacketType.WORK_EXCEPTION)) {
            forward(packet, true);
        } else if (packet.is(GearmanPacketType.WORK_DATA)
                || packet.is(GearmanPacketType.WORK_STATUS)
                || packet.is(GearmanPacketType.WORK_WARNING)) {
            forward(packet, false);
        }
        // GRAB_JOB, ECHO_REQ, OPTION_REQ and whatever else comes: no answer.
    }

    private void submit(Peer client, Packet packet, int priority) throws IOException {
        Job job = new Job();
        job.handle = "H:127.0.0.1:" + ++lastHandle;
        job.function = packet.texts(3).get(0);
        job.unique = packet.texts(3).get(1);
        job.payload = packet.arguments(3).get(2);
        job.client = client;
        jobs.put(job.handle, job);
        queues.get(priority).add(job);
        client.send(response(GearmanPacketType.JOB_CREATED, job.handle));
        peers.forEach(this::wake);
    }

    private void wake(Peer peer) {
        if (peer.asleep && queues.stream().flatMap(List::stream).anyMatch(j -> peer.functions.contains(j.function))) {
            peer.asleep = false;
            peer.send(response(GearmanPacketType.NOOP, ""));
        }
    }

    private void assign(Peer peer) {
        for (List<Job> queue : queues) {
            for (Job job : queue) {
                if (peer.functions.contains(job.function)) {
                    queue.remove(job);
                    job.worker = peer;
                    byte[] head = (job.handle + "\0" + job.function + "\0" + job.unique + "\0")
                            .getBytes(StandardCharsets.UTF_8);
                    byte[] data = new byte[head.length + job.payload.length];
                    System.arraycopy(head, 0, data, 0, head.length);
                    System.arraycopy(job.payload, 0, data, head.length, job.payload.length);
                    peer.send(response(GearmanPacketType.JOB_ASSIGN_UNIQ, data));
                    return;
                }
            }
        }
        peer.send(response(GearmanPacketType.NO_JOB, ""));
    }

    private void forward(Packet packet, boolean last) throws IOException {
        String handle = new String(packet.data(), StandardCharsets.UTF_8).split("\0", 2)[0];
        Job job = last ? jobs.remove(handle) : jobs.get(handle);
        if (job != null) {
            job.client.send(new Packet(GearmanPacketMagic.RES, packet.type(), packet.data()));
        }
    }

    private synchronized void gone(Peer peer) {
        close(peer.socket);
        peers.remove(peer);
        for (Job job : List.copyOf(jobs.values())) {
            if (job.worker == peer) {
                job.client.send(Packet.request(GearmanPacketType.WORK_FAIL, job.handle));
            }
            if (job.worker == peer || job.client == peer) {
                jobs.remove(job.handle);
                queues.forEach(queue -> queue.remove(job));
            }
        }
    }

    private static Packet response(GearmanPacketType type, String data) {
        return response(type, data.getBytes(StandardCharsets.UTF_8));
    }

    private static Packet response(GearmanPacketType type, byte[] data) {
        return new Packet(GearmanPacketMagic.RES, type.ordinal(), data);
    }

    private static void close(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
