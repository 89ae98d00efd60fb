package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.OwnerSocket;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A listener's line to whoever started it where standard input does not reach. */
@Timeout(60)
class OwnerLineTest {
    private static final String URI = "amqp://me:secret@broker.invalid:5672/ci";

    @TempDir
    private Path directory;

    /** Opens the line, with an owner that answers so; and the owner's end of it. */
    private static OwnerLine open(ServerSocketChannel server, Path socket, String answer, SocketChannel[] own)
            throws Exception {
        CompletableFuture<OwnerLine> line = CompletableFuture.supplyAsync(() -> {
            try {
                return OwnerLine.open(socket, "me");
            } catch (CliException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        });
        own[0] = server.accept();
        assertThat(OwnerSocket.readLine(own[0])).isEqualTo("own me");
        OwnerSocket.writeLine(own[0], answer);
        return line.get();
    }

    private static void carriesBothWays(Path socket) throws Exception {
        SocketChannel[] own = new SocketChannel[1];
        try (ServerSocketChannel server = OwnerSocket.bind(socket);
                OwnerLine line = open(server, socket, "carried " + URI, own)) {
            BrokerAddress broker = BrokerAddress.parse(line.brokerUri());
            assertThat(broker.host()).isEqualTo("127.0.0.1");
            assertThat(broker.password()).isEqualTo("secret");
            assertThat(broker.virtualHost()).isEqualTo("ci");
            try (Socket client = new Socket(broker.host(), broker.port());
                    SocketChannel carried = server.accept()) {
                assertThat(OwnerSocket.readLine(carried)).isEqualTo("broker me");
                client.getOutputStream().write("there\n".getBytes(StandardCharsets.UTF_8));
                assertThat(OwnerSocket.readLine(carried)).isEqualTo("there");
                OwnerSocket.writeLine(carried, "back");
                assertThat(client.getInputStream().readNBytes(5)).isEqualTo("back\n".getBytes(StandardCharsets.UTF_8));
                carried.close();
                assertThat(client.getInputStream().read()).isNegative();
            }
            own[0].close();
        }
    }

    @Test
    void connectionsToTheBrokerGoThroughTheSocketBothWays() throws Exception {
        carriesBothWays(directory.resolve("owner"));
    }

    @Test
    void aSocketMayLieDeeperThanTheSystemTakesItsPath() throws Exception {
        Path deep = Files.createDirectories(directory.resolve("d".repeat(100)).resolve("e".repeat(100)));
        carriesBothWays(deep.resolve("owner"));
    }

    @Test
    void aBrokerThatIsReachedDirectlyStaysAsItIs() throws Exception {
        Path socket = directory.resolve("owner");
        SocketChannel[] own = new SocketChannel[1];
        try (ServerSocketChannel server = OwnerSocket.bind(socket);
                OwnerLine line = open(server, socket, "direct " + URI, own)) {
            assertThat(line.brokerUri()).isEqualTo(URI);
            own[0].close();
        }
    }

    @Test
    void whenTheOwnerClosesTheLineTheListenerIsTold() throws Exception {
        Path socket = directory.resolve("owner");
        SocketChannel[] own = new SocketChannel[1];
        CountDownLatch told = new CountDownLatch(1);
        try (ServerSocketChannel server = OwnerSocket.bind(socket);
                OwnerLine line = open(server, socket, "direct " + URI, own)) {
            line.watch(told::countDown);
            assertThat(told.getCount()).isEqualTo(1);
            own[0].close();
            assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whereNobodyAnswersItIsSaidWhatIsNeeded() throws IOException {
        Path socket = directory.resolve("none");
        assertThatThrownBy(() -> OwnerLine.open(socket, "me"))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("--owner-socket: nobody answers at " + socket)
                .hasMessageContaining("its directory must be that of the host")
                .hasMessageNotContaining("secret");
    }
}
