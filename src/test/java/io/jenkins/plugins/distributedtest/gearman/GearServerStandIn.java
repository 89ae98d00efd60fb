package io.jenkins.plugins.distributedtest.gearman;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.gearman.common.GearmanPacketMagic;

/**
 * Behaves as the Gearman server inside Zuul 2 does, quirks included: it answers neither GRAB_JOB nor ECHO_REQ nor
 * OPTION_REQ, closes the connection on a CANT_DO for what was never registered, wakes nobody for a job that was queued
 * before the CAN_DO, takes reports for a job from any connection, makes two jobs of one unique, sends WORK_FAIL with
 * the wrong magic when a worker is lost, forgets the jobs of a client that leaves, goes on listing functions that nobody
 * has any more, and numbers handles from 1.
 */
public final class GearServerStandIn implements Closeable {
    private final ServerSocket listening;
    private final GearServerJobs jobs = new GearServerJobs();
    private volatile boolean silent;
    final List<String> received = new CopyOnWriteArrayList<>();

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

    int queued() {
        return jobs.queued();
    }

    Set<String> registered() {
        return jobs.registered();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        jobs.peers().forEach(GearServerPeer::close);
    }

    private void acceptAll() {
        while (!listening.isClosed()) {
            try {
                GearServerPeer peer = new GearServerPeer(listening.accept(), () -> silent);
                jobs.add(peer);
                start("gear-peer", () -> serve(peer));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(GearServerPeer peer) {
        try {
            PushbackInputStream in = new PushbackInputStream(
                    new BufferedInputStream(peer.socket().getInputStream()));
            DataInputStream data = new DataInputStream(in);
            while (true) {
                int first = in.read();
                if (first < 0) {
                    break;
                }
                in.unread(first);
                if (first == 0) {
                    Packet packet = whole(data);
                    received.add(packet.toString());
                    if (!silent) {
                        jobs.handle(peer, packet);
                    }
                } else {
                    peer.answer(jobs.admin(line(in)));
                }
            }
        } catch (IOException e) {
            // Gone; what follows is the same as for a peer that closes.
        } finally {
            peer.close();
            jobs.gone(peer);
        }
    }

    private static String line(PushbackInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().trim();
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
    /** A packet of any length: gear's own server has no limit. */
    private static Packet whole(DataInputStream in) throws IOException {
        in.readInt();
        int type = in.readInt();
        int length = in.readInt();
        byte[] data = new byte[length];
        in.readFully(data);
        return new Packet(GearmanPacketMagic.REQ, type, data);
    }
}
