package io.jenkins.plugins.distributedtest.gearman;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Whoever is connected to a {@link GearServerStandIn}: a worker, a client, or both. */
final class GearServerPeer {
    final Set<String> functions = new LinkedHashSet<>();
    boolean asleep;
    private final Socket socket;
    private final BooleanSupplier silent;

    GearServerPeer(Socket socket, BooleanSupplier silent) {
        this.socket = socket;
        this.silent = silent;
    }

    Socket socket() {
        return socket;
    }

    void send(Packet packet) {
        if (silent.getAsBoolean()) {
            return;
        }
        try {
            write(packet.encode());
        } catch (IOException e) {
            close();
        }
    }

    void answer(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(byte[] bytes) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
