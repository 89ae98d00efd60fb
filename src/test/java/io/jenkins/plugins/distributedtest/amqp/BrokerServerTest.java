package io.jenkins.plugins.distributedtest.amqp;

import static io.jenkins.plugins.distributedtest.amqp.Probe.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerServerTest {
    @TempDir
    Path directory;

    @Test
    void aRestartTakesTheSameClientsBack() throws Exception {
        Path data = directory.resolve("not/there/yet");
        BrokerAddress address;
        try (BrokerServer server = BrokerServer.start(data, "127.0.0.1", 0)) {
            address = server.address();
            try (Probe probe = new Probe(address)) {
                probe.session(1);
                server.close();
                await().atMost(PATIENCE).until(() -> probe.losses.size() == 1);
                try (BrokerServer again = BrokerServer.start(data, "127.0.0.1", 0)) {
                    assertThat(again.address()).isEqualTo(address);
                    probe.session(2);
                }
            }
        }
        assertThat(BrokerServer.read(data.resolve(BrokerServer.URI_FILE))).isEqualTo(address);
    }

    @Test
    void onlyTheOwnerCanReadThePassword() throws Exception {
        Path data = directory.resolve("data");
        try (BrokerServer server = BrokerServer.start(data, "127.0.0.1", 0)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.uriFile())))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
            assertThat(server.address().password()).hasSizeGreaterThan(30);
            assertThat(server.toString() + server.address()).doesNotContain(server.address().password());
        }
        Path file = data.resolve(BrokerServer.URI_FILE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> BrokerServer.start(data, "127.0.0.1", 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void aPortInUseIsNamedWithTheWayOut() throws Exception {
        try (ServerSocket taken = new ServerSocket(FreePorts.next(), 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> BrokerServer.start(directory, "127.0.0.1", taken.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("choose another");
        }
    }

    @Test
    void aFileThatIsNoAddressIsNamed() throws Exception {
        Path file = directory.resolve(BrokerServer.URI_FILE);
        Files.writeString(file, "http://u:hush@host");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> BrokerServer.start(directory, "127.0.0.1", 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("hush");
    }

    @Test
    void passwordsOfAnyCharactersWorkAndAreNotLogged() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        Handler handler = recorder(log);
        Logger root = Logger.getLogger("");
        Level before = root.getLevel();
        root.addHandler(handler);
        root.setLevel(Level.FINE);
        String password = "p$$a${x}\"\\'ü /:@";
        try (EmbeddedBroker broker =
                        EmbeddedBroker.start(new EmbeddedBroker.Options("127.0.0.1", 0, "me$", password));
                Probe probe = new Probe(BrokerAddress.parse(broker.address().toSecretUri()))) {
            probe.session(1);
        } finally {
            root.setLevel(before);
            root.removeHandler(handler);
        }
        assertThat(log).isNotEmpty().noneMatch(line -> line.contains("p$$a"));
    }

    private static Handler recorder(List<String> log) {
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                log.add(record.getMessage() + " " + record.getThrown());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        handler.setLevel(Level.ALL);
        return handler;
    }
}
