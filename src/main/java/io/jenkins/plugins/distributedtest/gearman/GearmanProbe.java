package io.jenkins.plugins.distributedtest.gearman;

import io.jenkins.plugins.distributedtest.tls.TlsProblems;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.gearman.common.GearmanPacketType;

/** Checks whether a Gearman server answers: connects, asks one question, and closes the connection. */
public final class GearmanProbe {
    /** How long the answer may take. */
    private static final int ANSWER_SECONDS = 10;

    private GearmanProbe() {}

    /**
     * Asks a server for the state of a job that does not exist, which every kind of server answers. Blocks for up to
     * half a minute.
     *
     * @throws IOException if there is no connection, no TLS, or no answer; says which, for people
     */
    public static void check(GearmanServer server) throws IOException {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        GearmanConnection connection;
        try {
            connection = GearmanConnection.open(
                    server,
                    1,
                    packet -> {
                        if (packet.is(GearmanPacketType.STATUS_RES)) {
                            answered.complete(null);
                        }
                    },
                    reason -> answered.completeExceptionally(new IOException(reason)));
        } catch (IOException e) {
            throw new IOException("Cannot connect to " + server + ": " + TlsProblems.inWords(e), e);
        }
        try {
            connection.start();
            connection.send(Packet.request(GearmanPacketType.GET_STATUS, "H:distributed-test:probe"));
            answered.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    "Connected to " + server + ", but: " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "Connected to " + server + ", which does not answer as a Gearman server does: nothing came within "
                            + ANSWER_SECONDS + " s",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while asking " + server, e);
        } finally {
            connection.hangUp("asked");
        }
    }
}
