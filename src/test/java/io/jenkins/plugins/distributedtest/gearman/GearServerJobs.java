package io.jenkins.plugins.distributedtest.gearman;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gearman.common.GearmanPacketMagic;
import org.gearman.common.GearmanPacketType;

/** The jobs of a {@link GearServerStandIn}: queued, assigned, reported, forgotten. */
final class GearServerJobs {
    private final List<GearServerPeer> peers = new ArrayList<>();
    private final List<List<Job>> queues = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    /** Every function that was ever registered: the status goes on listing those of workers that are gone. */
    private final Set<String> known = new LinkedHashSet<>();

    private int lastHandle;

    private static final class Job {
        String handle;
        String function;
        String unique;
        byte[] payload;
        GearServerPeer client;
        GearServerPeer worker;
    }

    synchronized void add(GearServerPeer peer) {
        peers.add(peer);
    }

    synchronized List<GearServerPeer> peers() {
        return List.copyOf(peers);
    }

    synchronized int queued() {
        return queues.stream().mapToInt(List::size).sum();
    }

    synchronized Set<String> registered() {
        Set<String> all = new LinkedHashSet<>();
        peers.forEach(peer -> all.addAll(peer.functions));
        return all;
    }

    /** The answer to a line of text; empty if there is none. */
    synchronized String admin(String line) {
        if (line.startsWith("cancel job ")) {
            Job job = jobs.get(line.substring(11));
            boolean removed = job != null && queues.stream().anyMatch(queue -> queue.remove(job));
            if (removed) {
                jobs.remove(job.handle);
            }
            return removed ? "OK\n" : "ERR UNKNOWN_JOB\n";
        }
        if (line.equals("status")) {
            StringBuilder lines = new StringBuilder();
            Set<String> live = registered();
            known.forEach(function -> lines.append(function)
                    .append('\t')
                    .append(jobs.values().stream()
                            .filter(job -> job.function.equals(function))
                            .count())
                    .append('\t')
                    .append(jobs.values().stream()
                            .filter(job -> job.function.equals(function) && job.worker != null)
                            .count())
                    .append('\t')
                    .append(live.contains(function) ? 1 : 0)
                    .append('\n'));
            return lines.append(".\n").toString();
        }
        return "";
    }

    /**
     * Does what a packet asks for; nothing for GRAB_JOB, ECHO_REQ, OPTION_REQ and whatever else there is.
     *
     * @throws IOException if the server would close the connection
     */
    synchronized void handle(GearServerPeer peer, Packet packet) throws IOException {
        if (packet.type() >= GearmanPacketType.SUBMIT_JOB_EPOCH.ordinal()) {
            return;
        }
        switch (GearmanPacketType.get(packet.type())) {
            case CAN_DO -> {
                peer.functions.add(packet.texts(1).get(0));
                known.add(packet.texts(1).get(0));
            }
            case CANT_DO -> {
                if (!peer.functions.remove(packet.texts(1).get(0))) {
                    throw new IOException("KeyError");
                }
            }
            case GRAB_JOB_UNIQ -> {
                peer.asleep = false;
                assign(peer);
            }
            case PRE_SLEEP -> {
                peer.asleep = true;
                wake(peer);
            }
            case SUBMIT_JOB_HIGH -> submit(peer, packet, 0);
            case SUBMIT_JOB -> submit(peer, packet, 1);
            case SUBMIT_JOB_LOW -> submit(peer, packet, 2);
            case GET_STATUS -> tellState(peer, packet.texts(1).get(0));
            case WORK_COMPLETE, WORK_FAIL, WORK_EXCEPTION -> forward(packet, true);
            case WORK_DATA, WORK_STATUS, WORK_WARNING -> forward(packet, false);
            default -> {}
        }
    }

    private void tellState(GearServerPeer peer, String handle) {
        Job job = jobs.get(handle);
        String state = job == null ? "0\0000" : "1\0" + (job.worker == null ? 0 : 1);
        peer.send(response(GearmanPacketType.STATUS_RES, handle + "\0" + state + "\0" + "\0"));
    }

    private void submit(GearServerPeer client, Packet packet, int priority) throws IOException {
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

    private void wake(GearServerPeer peer) {
        if (peer.asleep && queues.stream().flatMap(List::stream).anyMatch(j -> peer.functions.contains(j.function))) {
            peer.asleep = false;
            peer.send(response(GearmanPacketType.NOOP, ""));
        }
    }

    private void assign(GearServerPeer peer) {
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

    /** A peer is gone: the jobs of a worker fail, those of a client are forgotten. */
    synchronized void gone(GearServerPeer peer) {
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
}
