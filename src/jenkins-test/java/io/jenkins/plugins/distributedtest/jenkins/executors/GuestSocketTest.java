package io.jenkins.plugins.distributedtest.jenkins.executors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.amqp.OwnerSocket;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent's end of a listener's line, without a Jenkins around it. */
@Timeout(120)
class GuestSocketTest {
    private static final String URI = "amqp://me:secret@broker.invalid:5672/ci";

    @TempDir
    private Path directory;

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("distributed-test-guest-line"))
                .count();
    }

    @Test
    void connectionsHaveABoundAndThoseThatEndMakeRoomForOthers() throws Exception {
        Path file = directory.resolve("line/owner");
        List<SocketChannel> all = new ArrayList<>();
        try (GuestSocket socket = GuestSocket.open(file, "me", URI, null);
                SocketChannel own = OwnerSocket.connect(file, OwnerSocket.OWN, "me")) {
            assertThat(OwnerSocket.readLine(own)).isEqualTo("direct " + URI);
            for (int i = 0; i < 3 * GuestSocket.MOST; i++) {
                all.add(silent(file));
            }
            // Nobody has said a word on these, so each that was taken has a thread that waits for it.
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> all.stream().filter(GuestSocketTest::isOver).count() == 2 * GuestSocket.MOST + 1);
            assertThat(threads()).isEqualTo(GuestSocket.MOST);

            for (SocketChannel each : all) {
                each.close();
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> threads() == 1);
            try (SocketChannel another = OwnerSocket.connect(file, OwnerSocket.OWN, "me")) {
                // It is heard, and refused since the listener has its line already.
                assertThatThrownBy(() -> OwnerSocket.readLine(another))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("ended before its first line");
            }
            assertThat(own.isOpen()).isTrue();
            socket.end();
            socket.awaitEnd();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> threads() == 0);
    }

    /** A connection that says nothing. */
    private static SocketChannel silent(Path file) throws IOException {
        SocketChannel channel = SocketChannel.open(java.net.StandardProtocolFamily.UNIX);
        channel.connect(java.net.UnixDomainSocketAddress.of(file));
        channel.configureBlocking(false);
        return channel;
    }

    private static boolean isOver(SocketChannel channel) {
        try {
            return channel.read(java.nio.ByteBuffer.allocate(1)) < 0;
        } catch (IOException e) {
            return true;
        }
    }
}
