package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.remoting.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jenkins.security.MasterToSlaveCallable;

/** The {@link GuestSocket}s of this JVM: an agent's, or the controller's for its built-in node. */
final class GuestSockets {
    /** One set per channel: a new connection has classes, and so a variable, of its own. */
    private static final GuestSockets HERE = new GuestSockets();

    private final Map<String, GuestSocket> open = new HashMap<>();
    private boolean watching;

    private GuestSockets() {}

    static GuestSockets here() {
        return HERE;
    }

    /** Ends everything when the channel closes. */
    private static final class AtClosing extends Channel.Listener {
        @Override
        public void onClosed(Channel channel, IOException cause) {
            HERE.closeAll();
        }
    }

    private synchronized void open(String id, GuestSocket socket, Channel channel) {
        if (channel != null && !watching) {
            channel.addListener(new AtClosing());
            watching = true;
        }
        open.put(id, socket);
    }

    private synchronized GuestSocket of(String id) {
        return open.get(id);
    }

    private void end(String id) throws IOException {
        GuestSocket socket = of(id);
        if (socket != null) {
            socket.end();
        }
    }

    private void close(String id) {
        GuestSocket socket;
        synchronized (this) {
            socket = open.remove(id);
        }
        if (socket != null) {
            socket.close();
        }
    }

    /** Ends all; does not wait. */
    void closeAll() {
        List<GuestSocket> all;
        synchronized (this) {
            all = new ArrayList<>(open.values());
            open.clear();
        }
        all.forEach(GuestSocket::close);
    }

    /** Opens one; gives the agent's number of processors and its Java's directory. */
    static final class Open extends MasterToSlaveCallable<String[], IOException> {
        private static final long serialVersionUID = 1L;

        private final String file;
        private final String listenerId;
        private final String brokerUri;
        private final String secretKey;
        private final boolean onController;
        private final Dial dial;

        /**
         * @param file where
         * @param listenerId the listener's id
         * @param brokerUri the broker with its password, as the listener is to know it
         * @param secretKey opens the run's secret variables; null if it has none
         * @param onController whether the node is the controller's own
         * @param dial opens connections to the broker; null if it is reached directly
         */
        Open(String file, String listenerId, String brokerUri, String secretKey, boolean onController, Dial dial) {
            this.file = file;
            this.listenerId = listenerId;
            this.brokerUri = brokerUri;
            this.secretKey = secretKey;
            this.onController = onController;
            this.dial = dial;
        }

        @Override
        public String[] call() throws IOException {
            Channel channel = onController ? null : Channel.currentOrFail();
            String words = secretKey == null ? brokerUri : brokerUri + " " + secretKey;
            HERE.open(listenerId, GuestSocket.open(Path.of(file), listenerId, words, dial), channel);
            return new String[] {
                String.valueOf(Runtime.getRuntime().availableProcessors()), System.getProperty("java.home")
            };
        }
    }

    /** Waits until a listener has come, or has ended. */
    static final class Await extends MasterToSlaveCallable<Void, IOException> {
        private static final long serialVersionUID = 1L;

        private final String listenerId;
        private final boolean end;

        /**
         * @param listenerId which one
         * @param end whether its end is waited for
         */
        Await(String listenerId, boolean end) {
            this.listenerId = listenerId;
            this.end = end;
        }

        @Override
        public Void call() throws IOException {
            GuestSocket socket = HERE.of(listenerId);
            try {
                if (socket != null && end) {
                    socket.awaitEnd();
                } else if (socket != null) {
                    socket.awaitComing();
                }
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("The agent's channel has closed", e);
            }
        }
    }

    /** Asks a listener to end, and does not wait for it; or closes what one has left that has ended. */
    static final class Close extends MasterToSlaveCallable<Void, IOException> {
        private static final long serialVersionUID = 1L;

        private final String listenerId;
        private final boolean ended;

        /**
         * @param listenerId which one
         * @param ended whether it has ended
         */
        Close(String listenerId, boolean ended) {
            this.listenerId = listenerId;
            this.ended = ended;
        }

        @Override
        public Void call() throws IOException {
            if (ended) {
                HERE.close(listenerId);
            } else {
                HERE.end(listenerId);
            }
            return null;
        }
    }
}
