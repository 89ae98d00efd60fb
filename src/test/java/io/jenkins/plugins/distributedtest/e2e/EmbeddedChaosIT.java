package io.jenkins.plugins.distributedtest.e2e;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** {@link ChaosContract} with {@code distributed-test broker} as the broker: what it has is lost when it ends. */
class EmbeddedChaosIT extends ChaosContract {
    private static final String PASSWORD = "a-password-for-tests";

    @TempDir
    Path place;

    private Program broker;
    private int port;
    private int starts;

    @Override
    BrokerAddress broker() throws Exception {
        port = FreePorts.next();
        startBroker();
        return new BrokerAddress("127.0.0.1", port, "/", "distributed-test", PASSWORD, null);
    }

    private void startBroker() throws Exception {
        Path uri = place.resolve("uri" + ++starts);
        broker = Program.start(
                place,
                place.resolve("broker" + starts + ".log"),
                Map.of("DISTRIBUTED_TEST_BROKER_PASSWORD", PASSWORD),
                List.of(
                        "broker",
                        "--port",
                        String.valueOf(port),
                        "--data-dir",
                        place.resolve("data").toString(),
                        "--uri-file",
                        uri.toString()));
        Program.await(() -> "the broker takes connections").until(() -> Files.exists(uri));
    }

    @Override
    boolean keepsMessages() {
        return false;
    }

    @Override
    void restartBroker() throws Exception {
        broker.signal("KILL");
        broker.awaitEnd();
        startBroker();
    }

    @AfterEach
    void stopBroker() throws Exception {
        if (broker != null) {
            broker.stop();
        }
    }
}
